-- Participants of the country by month and scheme.
--
-- in:  counts  area_code, place, month, scheme, …, participants
SELECT month, scheme, CAST(sum(participants) AS BIGINT) AS participants
FROM counts
WHERE place = 'managed'
GROUP BY month, scheme
