-- The forecast of an area's participants of a scheme in one row, from a first month on. Where nobody participates there
-- is nothing but that.
SELECT
    area_code, scheme, CAST(min(month) AS VARCHAR) AS first,
    CASE WHEN max(p90) > 0 THEN '[' || string_agg(CAST(p10 AS VARCHAR), ',' ORDER BY month) || ']' END AS p10,
    CASE WHEN max(p90) > 0 THEN '[' || string_agg(CAST(p50 AS VARCHAR), ',' ORDER BY month) || ']' END AS p50,
    CASE WHEN max(p90) > 0 THEN '[' || string_agg(CAST(p90 AS VARCHAR), ',' ORDER BY month) || ']' END AS p90,
    max(model) AS model, CAST(coalesce(bool_or(beats_naive), false) AS INTEGER) AS beats_naive, max(why) AS why
FROM forecasts
GROUP BY area_code, scheme
ORDER BY area_code, scheme
