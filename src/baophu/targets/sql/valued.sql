-- The counted values that targets are held against, as whole numbers: value = num / den. What is empty is not here.
--
-- `key` is series_no x 65536 + month_no, by which values are found.
--
-- in:  indicators  as the run's table;  series  series_no, area_code, indicator, place, scope;  $last: the last month
SELECT
    s.series_no, year(i.month) * 12 + month(i.month) - 1 AS month_no,
    s.series_no * 65536 + year(i.month) * 12 + month(i.month) - 1 AS key,
    -- What was reported as a share alone has six decimals.
    CASE WHEN i.numerator IS NOT NULL THEN i.numerator ELSE CAST(round(i.value * 1000000) AS BIGINT) END AS num,
    CASE WHEN i.numerator IS NULL THEN CAST(1000000 AS BIGINT) ELSE coalesce(i.denominator, CAST(1 AS BIGINT)) END AS den,
    i.completeness
FROM indicators AS i
INNER JOIN series AS s
    ON s.area_code = i.area_code AND s.indicator = i.indicator AND s.place = i.place AND s.scope = i.scope
WHERE i.value IS NOT NULL AND i.month <= $last
