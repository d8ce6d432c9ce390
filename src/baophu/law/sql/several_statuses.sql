-- Of a person's declarations in one month with several employers or groups, the one that counts for social insurance.
-- yields: pairs of groups (group_code, to_group): the first gives way to the second (rules/_several_statuses.yaml).
-- Where no group gives way, the status that began first counts, told by the compulsory spells (a declaration without a
-- spell comes after those that have one); then the employer's code decides, so that the answer is always one.
WITH several AS (
    SELECT month, si_code FROM declarations GROUP BY month, si_code HAVING count(*) > 1
),
begun AS (
    SELECT
        d.month, d.si_code, d.employer_id, d.group_code,
        min(s.start_month) AS began
    FROM declarations AS d
    JOIN several AS p ON p.month = d.month AND p.si_code = d.si_code
    LEFT JOIN spells AS s
        ON s.si_code = d.si_code AND s.employer_id = d.employer_id AND s.scheme = 'compulsory'
        AND s.start_month <= d.month AND (s.end_month IS NULL OR d.month < s.end_month)
    GROUP BY d.month, d.si_code, d.employer_id, d.group_code
),
gives_way AS (
    SELECT DISTINCT a.month, a.si_code, a.employer_id, a.group_code
    FROM begun AS a
    JOIN begun AS b ON b.month = a.month AND b.si_code = a.si_code
    JOIN yields AS y ON y.group_code = a.group_code AND y.to_group = b.group_code
),
ranked AS (
    SELECT
        b.month, b.si_code, b.employer_id, b.group_code, b.began,
        w.si_code IS NOT NULL AS gave_way,
        row_number() OVER (
            PARTITION BY b.month, b.si_code
            ORDER BY
                CASE WHEN w.si_code IS NULL THEN 0 ELSE 1 END,
                CASE WHEN b.began IS NULL THEN 1 ELSE 0 END,
                b.began, b.employer_id, b.group_code
        ) AS place
    FROM begun AS b
    LEFT JOIN gives_way AS w
        ON w.month = b.month AND w.si_code = b.si_code AND w.employer_id = b.employer_id AND w.group_code = b.group_code
)
SELECT
    month, si_code, employer_id, group_code, began,
    place = 1 AS counts,
    CASE
        WHEN place = 1 THEN 'counts'
        WHEN gave_way THEN 'group_gives_way'
        WHEN began IS NULL THEN 'no_spell'
        ELSE 'began_later'
    END AS why
FROM ranked
