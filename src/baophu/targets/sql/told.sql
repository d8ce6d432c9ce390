-- The table `progress`: the rows of a month with what they are about, their place among their peers, and their forecast.
--
-- in:  followed;  labels  target_no, …;  chances  target_no, p10, p50, p90, probability, why;  $month_no
SELECT
    t.area_code, t.indicator, t.target_id, t.period_end, f.target, f.base, f.actual, f.as_of, f.achieved, f.development,
    f.yoy, CAST(f.own_achieved AS BIGINT) AS rank, c.p10 AS forecast_p10, c.p50 AS forecast_p50, c.p90 AS forecast_p90,
    f.gap, t.direction, t.target_high, f.met, t.phase, c.probability, f.completeness, f.value_date, t.scope,
    TRUE AS governs, f.achieved_at_least,
    nullif(concat_ws(
        ';',
        f.reason,
        c.why,
        CASE WHEN f.actual IS NOT NULL AND f.completeness IS NULL THEN 'no_completeness' END,
        CASE WHEN f.own_achieved IS NULL AND f.achieved IS NOT NULL THEN 'no_peers' END
    ), '') AS reason
FROM followed AS f
INNER JOIN labels AS t ON t.target_no = f.target_no
LEFT JOIN chances AS c ON c.target_no = f.target_no
WHERE f.month_no = $month_no
