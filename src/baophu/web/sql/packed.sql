-- Measured values with the months of each area and indicator in one row. What is the same in all months is written once.
SELECT
    area_code, indicator, place, scope, string_agg(substr(CAST(month AS VARCHAR), 1, 7), ',' ORDER BY month) AS months,
    '[' || string_agg(coalesce(CAST(numerator AS VARCHAR), 'null'), ',' ORDER BY month) || ']' AS numerators,
    CASE
        WHEN count(denominator) = 0 THEN NULL
        WHEN count(denominator) = count(*) AND min(denominator) = max(denominator) THEN CAST(max(denominator) AS VARCHAR)
        ELSE '[' || string_agg(coalesce(CAST(denominator AS VARCHAR), 'null'), ',' ORDER BY month) || ']'
    END AS denominators,
    -- Only of figures that are not what the two numbers make: those that units report.
    CASE
        WHEN bool_or(value IS NOT NULL AND value IS DISTINCT FROM
            CASE WHEN denominator IS NULL THEN CAST(numerator AS DOUBLE) ELSE CAST(numerator AS DOUBLE) / CAST(denominator AS DOUBLE) END)
            THEN '[' || string_agg(coalesce(CAST(value AS VARCHAR), 'null'), ',' ORDER BY month) || ']'
    END AS figures,
    CASE
        WHEN count(denominator_source) = 0 THEN NULL
        WHEN count(denominator_source) = count(*) AND min(denominator_source) = max(denominator_source)
            THEN CAST(to_json(max(denominator_source)) AS VARCHAR)
        ELSE '[' || string_agg(coalesce(CAST(to_json(denominator_source) AS VARCHAR), 'null'), ',' ORDER BY month) || ']'
    END AS sources,
    CASE
        WHEN count(completeness) = 0 THEN NULL
        WHEN count(completeness) = count(*) AND min(completeness) = max(completeness) THEN CAST(max(completeness) AS VARCHAR)
        ELSE '[' || string_agg(coalesce(CAST(completeness AS VARCHAR), 'null'), ',' ORDER BY month) || ']'
    END AS completeness,
    CASE
        WHEN NOT coalesce(bool_or(estimated), false) THEN NULL
        ELSE '[' || string_agg(CASE WHEN estimated THEN '1' ELSE '0' END, ',' ORDER BY month) || ']'
    END AS estimated
FROM indicators
GROUP BY area_code, indicator, place, scope
