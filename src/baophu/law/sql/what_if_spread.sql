-- How the change is spread over the workers whom it touches: for the worker's part, the employer's part and both.
-- changes: worker_change, employer_change, workers (how many have just these changes). A quantile is the least change
-- that at least this share of the workers touched do not exceed.
WITH parts AS (
    SELECT 'worker' AS part, worker_change AS change, workers FROM changes
    UNION ALL
    SELECT 'employer' AS part, employer_change AS change, workers FROM changes
    UNION ALL
    SELECT 'both' AS part, worker_change + employer_change AS change, workers FROM changes
),
touched AS (
    SELECT part, change, CAST(sum(workers) AS BIGINT) AS workers FROM parts WHERE change <> 0 GROUP BY part, change
),
ranked AS (
    SELECT
        part, change,
        CAST(sum(workers) OVER (PARTITION BY part ORDER BY change) AS BIGINT) AS up_to,
        CAST(sum(workers) OVER (PARTITION BY part) AS BIGINT) AS of_all
    FROM touched
)
SELECT
    part,
    max(of_all) AS workers,
    min(change) AS least,
    min(CASE WHEN up_to * 10 >= of_all THEN change END) AS p10,
    min(CASE WHEN up_to * 2 >= of_all THEN change END) AS median,
    min(CASE WHEN up_to * 10 >= of_all * 9 THEN change END) AS p90,
    max(change) AS most
FROM ranked
GROUP BY part
