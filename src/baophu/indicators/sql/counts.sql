-- How many people take part in each scheme in a month, by commune; each person counts once in a scheme and month.
--
-- Who has several spells there is counted where the latest begins; of those that begin together, where the code is least.
--
-- in:  spells       si_code, scheme, commune_code, start_month, end_month
--      same_people  si_code, person, as same_people.sql gives them
--      $month
WITH taking_part AS (
    SELECT s.scheme, COALESCE(p.person, s.si_code) AS person, s.commune_code, s.start_month
    FROM spells AS s
    LEFT JOIN same_people AS p ON p.si_code = s.si_code
    WHERE s.start_month <= $month AND (s.end_month IS NULL OR $month < s.end_month)
),
several AS (
    SELECT scheme, person
    FROM taking_part
    GROUP BY scheme, person
    HAVING count(*) > 1
),
ranked AS (
    SELECT
        t.scheme, t.commune_code,
        row_number() OVER (PARTITION BY t.scheme, t.person ORDER BY t.start_month DESC, t.commune_code) AS place
    FROM taking_part AS t
    INNER JOIN several AS v ON v.scheme = t.scheme AND v.person = t.person
),
once AS (
    SELECT t.scheme, t.commune_code
    FROM taking_part AS t
    LEFT JOIN several AS v ON v.scheme = t.scheme AND v.person = t.person
    WHERE v.person IS NULL
    UNION ALL
    SELECT scheme, commune_code
    FROM ranked
    WHERE place = 1
)
SELECT commune_code AS area_code, $month AS month, scheme, CAST(count(*) AS BIGINT) AS participants
FROM once
GROUP BY commune_code, scheme
