-- Each person once in a scheme and month: stretches that do not overlap, where several spells run together the one that
-- begins latest (of those that begin together: the least commune, group, sector).
--
-- Most people have one spell, or spells one after the other, which end where the next begins. Only where an earlier
-- spell outlasts a later one is the person's time cut at every beginning and end.
--
-- in:  taking_part  as taking_part.sql gives them
WITH several AS (
    SELECT who
    FROM taking_part
    GROUP BY who
    HAVING count(*) > 1
),
ordered AS (
    SELECT
        t.*,
        lead(t.start_no) OVER (
            PARTITION BY t.who
            ORDER BY t.start_no, t.what DESC, t.end_no DESC
        ) AS next_start,
        max(t.end_no) OVER (
            PARTITION BY t.who
            ORDER BY t.start_no, t.what DESC, t.end_no DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before_end
    FROM taking_part AS t
    INNER JOIN several AS v ON v.who = t.who
),
nested AS (
    SELECT DISTINCT who
    FROM ordered
    WHERE before_end > end_no
),
points AS (
    SELECT o.who, o.start_no AS at_no
    FROM ordered AS o INNER JOIN nested AS n ON n.who = o.who
    UNION
    SELECT o.who, o.end_no AS at_no
    FROM ordered AS o INNER JOIN nested AS n ON n.who = o.who
),
pieces AS (
    SELECT who, at_no AS from_no, lead(at_no) OVER (PARTITION BY who ORDER BY at_no) AS to_no
    FROM points
),
ranked AS (
    SELECT
        t.who, t.what, p.from_no, p.to_no,
        row_number() OVER (
            PARTITION BY p.who, p.from_no
            ORDER BY t.start_no DESC, t.what, t.end_no
        ) AS place
    FROM pieces AS p
    INNER JOIN taking_part AS t
        ON t.who = p.who AND t.start_no <= p.from_no AND p.from_no < t.end_no
),
parts AS (
    SELECT
        o.who, o.what, o.start_no,
        least(o.end_no, coalesce(o.next_start, o.end_no)) AS end_no
    FROM ordered AS o
    LEFT JOIN nested AS n ON n.who = o.who
    WHERE n.who IS NULL
    UNION ALL
    SELECT who, what, from_no AS start_no, to_no AS end_no
    FROM ranked
    WHERE place = 1
),
chained AS (
    SELECT
        p.*,
        lag(end_no) OVER (PARTITION BY who ORDER BY start_no) AS before_end,
        lag(what) OVER (PARTITION BY who ORDER BY start_no) // 512 AS before_managed,
        lead(start_no) OVER (PARTITION BY who ORDER BY start_no) AS next_start,
        lead(what) OVER (PARTITION BY who ORDER BY start_no) // 512 AS next_managed
    FROM parts AS p
    WHERE start_no < end_no
)
SELECT
    who, what, start_no, end_no,
    max(CASE WHEN before_end = start_no THEN NULL ELSE start_no END) OVER (
        PARTITION BY who ORDER BY start_no
    ) AS stay_no,
    CASE
        WHEN before_end IS NULL THEN 1
        WHEN before_end < start_no THEN 2
        WHEN before_managed = what // 512 THEN 3
        ELSE 4
    END AS came,
    CASE WHEN coalesce(next_start, -1) <> end_no THEN 1 WHEN next_managed = what // 512 THEN 3 ELSE 4 END AS went
FROM chained
UNION ALL
SELECT
    t.who, t.what, t.start_no, t.end_no,
    t.start_no AS stay_no, 1 AS came, 1 AS went
FROM taking_part AS t
LEFT JOIN several AS v ON v.who = t.who
WHERE v.who IS NULL
