-- Indicators that units report, at the last month of their period (at the run's month while the period runs), each with
-- the share of the units directly below that have reported.
--
-- in:  reported_indicators  … with from_no, to_no of the period;  months  month_no, month;  parents  area_code, parent
--      known  indicator;  $last: the run's month
WITH told AS (
    SELECT
        r.area_code, r.indicator, r.period, r.value, r.numerator, r.denominator, r.source, least(r.to_no - 1, $last) AS month_no
    FROM reported_indicators AS r
    INNER JOIN known AS k ON k.indicator = r.indicator
    WHERE r.from_no <= $last
),
below AS (
    SELECT p.parent AS area_code, t.indicator, t.period, count(*) AS here
    FROM told AS t
    INNER JOIN parents AS p ON p.area_code = t.area_code
    GROUP BY p.parent, t.indicator, t.period
),
units AS (
    SELECT parent AS area_code, count(*) AS units FROM parents GROUP BY parent
)
SELECT
    t.area_code, m.month, t.indicator,
    CAST(t.numerator AS BIGINT) AS numerator, CAST(t.denominator AS BIGINT) AS denominator, t.value,
    CASE WHEN t.denominator IS NOT NULL THEN t.source || ', ' || t.period END AS denominator_source,
    'managed' AS place, 'all' AS scope,
    CASE WHEN t.denominator IS NOT NULL THEN FALSE END AS estimated,
    CASE WHEN b.here IS NOT NULL THEN CAST(b.here AS DOUBLE) / CAST(u.units AS DOUBLE) END AS completeness,
    CASE WHEN t.numerator > t.denominator THEN 'above_denominator' END AS reason
FROM told AS t
INNER JOIN months AS m ON m.month_no = t.month_no
LEFT JOIN below AS b ON b.area_code = t.area_code AND b.indicator = t.indicator AND b.period = t.period
LEFT JOIN units AS u ON u.area_code = t.area_code
