-- Values of the catalogue's counted indicators, for every area and month that the registers tell of.
--
-- Nobody counted is 0 where the register covers the month. Without a denominator the value is empty and says why; a
-- numerator above its denominator is told, since workers of an industrial commune live elsewhere.
--
-- in:  rolled; denominators; completeness; areas  area_code
--      formulas  indicator, place, scope, numerator, counted (denominator among the measures), statistic (denominator among
--                the statistics), forces (statistic added to the numerator), share, mean (money for each of those
--                counted, rounded half up), units ('employers' or none)
--      covered   measure, month
WITH asked AS (
    SELECT f.*, a.area_code, c.month
    FROM formulas AS f
    INNER JOIN covered AS c ON c.measure = f.numerator
    CROSS JOIN areas AS a
),
found AS (
    SELECT
        q.area_code, q.month, q.indicator, q.place, q.scope, q.share, q.mean, q.units,
        coalesce(n.amount, 0) + coalesce(s.value, 0) AS numerator,
        CASE WHEN q.counted IS NOT NULL THEN coalesce(d.amount, 0) ELSE t.value END AS denominator,
        CASE WHEN q.counted IS NOT NULL THEN 'registers' ELSE t.denominator_source END AS denominator_source,
        t.estimated
    FROM asked AS q
    LEFT JOIN rolled AS n
        ON n.area_code = q.area_code AND n.place = q.place AND n.month = q.month AND n.measure = q.numerator
    LEFT JOIN rolled AS d
        ON d.area_code = q.area_code AND d.place = q.place AND d.month = q.month AND d.measure = q.counted
    LEFT JOIN denominators AS t ON t.area_code = q.area_code AND t.month = q.month AND t.measure = q.statistic
    LEFT JOIN denominators AS s ON s.area_code = q.area_code AND s.month = q.month AND s.measure = q.forces
    -- The armed forces are known where a statistic tells of them, and are never taken to be none.
    WHERE q.forces IS NULL OR s.value IS NOT NULL
)
SELECT
    f.area_code, f.month, f.indicator, f.numerator,
    CASE WHEN (f.share OR f.mean) AND f.denominator > 0 THEN f.denominator END AS denominator,
    CASE
        WHEN f.mean AND f.denominator > 0 THEN CAST(round_div(f.numerator, f.denominator) AS DOUBLE)
        WHEN f.mean THEN NULL
        WHEN NOT f.share THEN CAST(f.numerator AS DOUBLE)
        WHEN f.denominator > 0 THEN CAST(f.numerator AS DOUBLE) / CAST(f.denominator AS DOUBLE)
    END AS value,
    CASE WHEN (f.share OR f.mean) AND f.denominator > 0 THEN f.denominator_source END AS denominator_source,
    f.place, f.scope,
    CASE WHEN (f.share OR f.mean) AND f.denominator > 0 THEN coalesce(f.estimated, FALSE) END AS estimated,
    CASE WHEN f.units = 'employers' AND c.units > 0 THEN CAST(c.here AS DOUBLE) / CAST(c.units AS DOUBLE) END AS completeness,
    CASE
        WHEN (f.share OR f.mean) AND coalesce(f.denominator, 0) <= 0 THEN 'no_denominator'
        WHEN f.share AND f.numerator > f.denominator THEN 'above_denominator'
    END AS reason
FROM found AS f
LEFT JOIN completeness AS c ON c.area_code = f.area_code AND c.month = f.month
