-- Participants of the months told of, by commune.
--
-- in:  series, minority_series;  $first: the first month told of
SELECT area_code, place, month, scheme AS measure, participants AS amount FROM series WHERE month >= $first
UNION ALL
SELECT area_code, place, month, 'health_minority' AS measure, participants AS amount
FROM minority_series
WHERE scheme = 'health' AND month >= $first
