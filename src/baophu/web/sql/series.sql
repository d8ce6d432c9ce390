-- The months of an area's indicator in one row; which indicator and which months the variant says.
SELECT
    area_code, dense_rank() OVER (ORDER BY indicator, place, scope, months) AS variant, numerators, denominators, figures,
    sources, completeness, estimated
FROM packed
ORDER BY area_code, variant
