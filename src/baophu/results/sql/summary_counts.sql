-- Participants of the country by month and scheme.
--
-- in:  counts  area_code, month, scheme, participants
SELECT month, scheme, CAST(sum(participants) AS BIGINT) AS participants
FROM counts
GROUP BY month, scheme
