-- Measured values, as pages ask for them: an area's, or those of the areas below one.
SELECT
    area_code, indicator, place, scope, CAST(month AS VARCHAR) AS month, numerator, denominator, value, denominator_source, completeness
FROM indicators
ORDER BY area_code, indicator, place, scope, month
