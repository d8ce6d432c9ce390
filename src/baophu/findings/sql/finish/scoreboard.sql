-- How each rule does: what officers made of its findings, how those of all runs ended, how many days they took from the day
-- they were first seen to the run that saw the row or the money, and what lasted.
--
-- in:  success  as success.sql gives it;  findings  of this run;  closed_findings;  $as_of
WITH found AS (
    SELECT
        kind, count(*) FILTER (WHERE status IN ('open', 'held')) AS open_now,
        count(*) FILTER (WHERE status IN ('open', 'held') AND first_seen = $as_of) AS new_now
    FROM findings
    GROUP BY kind
),
ended AS (
    SELECT
        kind,
        count(*) FILTER (WHERE resolved_how = 'joined') AS joined,
        count(*) FILTER (WHERE resolved_how = 'paid') AS paid,
        count(*) FILTER (WHERE resolved_how IN ('vanished', 'deceased')) AS vanished,
        count(still_3) AS of_3, sum(still_3) AS still_3,
        count(still_6) AS of_6, sum(still_6) AS still_6,
        count(still_12) AS of_12, sum(still_12) AS still_12
    FROM closed_findings
    GROUP BY kind
),
ranked AS (
    SELECT
        kind, days, row_number() OVER (PARTITION BY kind ORDER BY days, finding_id) AS place,
        count(*) OVER (PARTITION BY kind) AS told
    FROM closed_findings
    WHERE resolved_how IN ('joined', 'paid')
),
middle AS (
    SELECT kind, max(days) AS days FROM ranked WHERE place = (told + 1) // 2 GROUP BY kind
)
SELECT
    u.kind, CAST(coalesce(f.open_now, 0) AS BIGINT) AS open_now, CAST(coalesce(f.new_now, 0) AS BIGINT) AS new_now,
    u.confirmed, u.wrong, u.unanswered,
    CAST(coalesce(e.joined, 0) AS BIGINT) AS joined, CAST(coalesce(e.paid, 0) AS BIGINT) AS paid,
    CAST(coalesce(e.vanished, 0) AS BIGINT) AS vanished,
    CAST(m.days AS BIGINT) AS median_days,
    CAST(coalesce(e.still_3, 0) AS BIGINT) AS still_3, CAST(coalesce(e.of_3, 0) AS BIGINT) AS of_3,
    CAST(coalesce(e.still_6, 0) AS BIGINT) AS still_6, CAST(coalesce(e.of_6, 0) AS BIGINT) AS of_6,
    CAST(coalesce(e.still_12, 0) AS BIGINT) AS still_12, CAST(coalesce(e.of_12, 0) AS BIGINT) AS of_12,
    u.cost, u.cost_of_a_case, u.share, u.held
FROM success AS u
LEFT JOIN found AS f ON f.kind = u.kind
LEFT JOIN ended AS e ON e.kind = u.kind
LEFT JOIN middle AS m ON m.kind = u.kind
