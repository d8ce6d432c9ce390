-- The employers whose sums change most, and how many with a change have too few workers to be named.
-- cells: the sums of each employer by group, with sector and place. $least_workers: from how many on one is named.
-- $most: how many are named.
WITH summed AS (
    SELECT
        employer_id,
        min(sector) AS sector,
        min(place) AS place,
        CAST(sum(participants) AS BIGINT) AS participants,
        CAST(sum(affected) AS BIGINT) AS affected,
        CAST(sum(before_worker_total) AS BIGINT) AS before_worker,
        CAST(sum(after_worker_total) AS BIGINT) AS after_worker,
        CAST(sum(before_employer_total) AS BIGINT) AS before_employer,
        CAST(sum(after_employer_total) AS BIGINT) AS after_employer
    FROM cells
    GROUP BY employer_id
),
changed AS (
    SELECT *, abs(after_worker + after_employer - before_worker - before_employer) AS size
    FROM summed
    WHERE affected > 0
),
ranked AS (
    SELECT
        *,
        participants >= $least_workers AS named,
        row_number() OVER (
            PARTITION BY participants >= $least_workers ORDER BY size DESC, employer_id
        ) AS rank,
        CAST(count(*) OVER (PARTITION BY participants >= $least_workers) AS BIGINT) AS employers
    FROM changed
)
SELECT
    named, rank, employers, employer_id, sector, place, participants, affected,
    before_worker, after_worker, before_employer, after_employer
FROM ranked
WHERE rank <= CASE WHEN named THEN $most ELSE 1 END
