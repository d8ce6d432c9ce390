-- Measured values with the months of each area and indicator in one row. What is the same in all months is written once.
WITH lists AS (
    SELECT
        area_code, indicator, place, scope,
        list(
            struct_pack(
                month := substr(CAST(month AS VARCHAR), 1, 7), numerator := numerator, denominator := denominator,
                value := value, source := denominator_source, completeness := completeness, estimated := estimated
            ) ORDER BY month
        ) AS months,
        count(*) AS known, count(denominator) AS denominators, min(denominator) AS least_denominator,
        max(denominator) AS most_denominator, count(denominator_source) AS sources, min(denominator_source) AS first_source,
        max(denominator_source) AS last_source, count(completeness) AS told, min(completeness) AS least_told,
        max(completeness) AS most_told, coalesce(bool_or(estimated), false) AS estimated,
        -- Figures that are not what the two numbers make: those that units report.
        bool_or(
            value IS NOT NULL AND value IS DISTINCT FROM CASE
                WHEN denominator IS NULL THEN CAST(numerator AS DOUBLE)
                ELSE CAST(numerator AS DOUBLE) / CAST(denominator AS DOUBLE)
            END
        ) AS reported
    FROM indicators
    GROUP BY area_code, indicator, place, scope
)
SELECT
    area_code, indicator, place, scope, array_to_string(list_transform(months, lambda one: one.month), ',') AS months,
    CAST(to_json(list_transform(months, lambda one: one.numerator)) AS VARCHAR) AS numerators,
    CASE
        WHEN denominators = 0 THEN NULL
        WHEN denominators = known AND least_denominator = most_denominator THEN CAST(most_denominator AS VARCHAR)
        ELSE CAST(to_json(list_transform(months, lambda one: one.denominator)) AS VARCHAR)
    END AS denominators,
    CASE WHEN reported THEN CAST(to_json(list_transform(months, lambda one: one.value)) AS VARCHAR) END AS figures,
    CASE
        WHEN sources = 0 THEN NULL
        WHEN sources = known AND first_source = last_source THEN CAST(to_json(last_source) AS VARCHAR)
        ELSE CAST(to_json(list_transform(months, lambda one: one.source)) AS VARCHAR)
    END AS sources,
    CASE
        WHEN told = 0 THEN NULL
        WHEN told = known AND least_told = most_told THEN CAST(most_told AS VARCHAR)
        ELSE CAST(to_json(list_transform(months, lambda one: one.completeness)) AS VARCHAR)
    END AS completeness,
    CASE
        WHEN estimated THEN CAST(to_json(list_transform(months, lambda one: CASE WHEN one.estimated THEN 1 ELSE 0 END)) AS VARCHAR)
    END AS estimated
FROM lists
