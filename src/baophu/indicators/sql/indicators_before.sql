-- What runs of earlier months said of amounts that hold for their day alone.
--
-- in:  indicators (of the last run of an earlier month);  names  indicator;  $first, $month
SELECT i.*
FROM indicators AS i
INNER JOIN (SELECT DISTINCT indicator FROM names) AS n ON n.indicator = i.indicator
WHERE i.month >= $first AND i.month < $month
