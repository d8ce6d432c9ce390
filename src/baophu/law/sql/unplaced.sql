-- Why worker-months found no place: counts only, no person.
SELECT
    CAST(count(*) FILTER (WHERE e.employer_id IS NULL) AS BIGINT) AS no_employer,
    CAST(count(*) FILTER (WHERE e.times > 1) AS BIGINT) AS employer_twice,
    CAST(count(*) FILTER (WHERE e.employer_id IS NOT NULL AND g.region IS NULL) AS BIGINT) AS no_region_or_group
FROM declarations AS d
LEFT JOIN (
    SELECT employer_id, min(region) AS region, count(*) AS times FROM employers GROUP BY employer_id
) AS e ON e.employer_id = d.employer_id
LEFT JOIN (SELECT DISTINCT group_code, region FROM grid) AS g ON g.group_code = d.group_code AND g.region = e.region
