-- The counted values that targets are held against, as whole numbers: value = num / den. What is empty is not here.
--
-- Of most series only the months that are asked for are read; of those that have no value in the month that is wanted,
-- all, so that the last one before is found. `key` is series_no x 65536 + month_no, by which values are found.
--
-- in:  indicators  as the run's table;  series  series_no, area_code, indicator, place, scope;  asked_months  month
--      targets, moments  as in followed.sql;  $last: the last month
WITH recent AS (
    SELECT
        s.series_no, year(i.month) * 12 + month(i.month) - 1 AS month_no, i.numerator, i.denominator, i.value,
        i.completeness
    FROM indicators AS i
    INNER JOIN asked_months AS m ON m.month = i.month
    INNER JOIN series AS s
        ON s.area_code = i.area_code AND s.indicator = i.indicator AND s.place = i.place AND s.scope = i.scope
    WHERE i.value IS NOT NULL AND i.month <= $last
),
lacking AS (
    SELECT t.series_no, t.other_no
    FROM targets AS t
    INNER JOIN moments AS a ON a.year = t.year
    LEFT JOIN recent AS r ON r.series_no = t.series_no AND r.month_no = least(a.month_no, t.end_no)
    WHERE r.series_no IS NULL
),
searched AS (
    SELECT series_no FROM lacking
    UNION
    SELECT other_no AS series_no FROM lacking
),
older AS (
    SELECT
        s.series_no, year(i.month) * 12 + month(i.month) - 1 AS month_no, i.numerator, i.denominator, i.value,
        i.completeness
    FROM searched AS l
    INNER JOIN series AS s ON s.series_no = l.series_no
    INNER JOIN indicators AS i
        ON s.area_code = i.area_code AND s.indicator = i.indicator AND s.place = i.place AND s.scope = i.scope
    LEFT JOIN asked_months AS m ON m.month = i.month
    WHERE i.value IS NOT NULL AND i.month <= $last AND m.month IS NULL
),
whole AS (
    SELECT * FROM recent
    UNION ALL
    SELECT * FROM older
)
SELECT
    series_no, month_no, series_no * 65536 + month_no AS key,
    -- What was reported as a share alone has six decimals.
    CASE WHEN numerator IS NOT NULL THEN numerator ELSE CAST(round(value * 1000000) AS BIGINT) END AS num,
    CASE WHEN numerator IS NULL THEN CAST(1000000 AS BIGINT) ELSE coalesce(denominator, CAST(1 AS BIGINT)) END AS den,
    completeness
FROM whole
