-- Targets against their values, as pages ask for them.
SELECT
    area_code, indicator, target_id, CAST(period_end AS VARCHAR) AS period_end, target, base, actual, CAST(as_of AS VARCHAR) AS as_of,
    achieved, development, yoy, rank, forecast_p10, forecast_p50, forecast_p90, gap, direction, target_high, met, phase, probability,
    CAST(value_date AS VARCHAR) AS value_date, scope, governs, reason
FROM progress
ORDER BY area_code, indicator, target_id
