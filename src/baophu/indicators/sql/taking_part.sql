-- Spells as whole numbers, a row a spell and scheme in which it counts: a compulsory or voluntary one counts in its own
-- scheme and in `any_si`. A spell with an employer counts in the employer's commune, another in its own.
--
-- `who` is a person in a scheme, one number: the insurance number that stands for him, x 8, + the scheme's. `what` is his
-- commune of management, x 32, + the group, x 8, + the sector, x 2, + 1 where the employer has closed.
--
-- in:  spells;  same_people  as same_people.sql gives them;  employers;  leaves  area_code, area_no
--      schemes  scheme, scheme_no;  grps  group_code, grp_no;  sectors  sector, sector_no;  $last: the last month's number
WITH firms AS (
    SELECT e.employer_id, a.area_no, s.sector_no, e.status = 'closed' AS closed
    FROM employers AS e
    LEFT JOIN leaves AS a ON a.area_code = e.commune_code
    LEFT JOIN sectors AS s ON s.sector = e.sector
),
whole AS (
    SELECT
        CAST(s.si_code AS BIGINT) AS si, s.scheme, s.group_code, s.employer_id, s.commune_code,
        CAST(year(s.start_month) * 12 + month(s.start_month) - 1 AS INTEGER) AS start_no,
        CAST(least(coalesce(year(s.end_month) * 12 + month(s.end_month) - 1, $last + 1), $last + 1) AS INTEGER) AS end_no
    FROM spells AS s
)
SELECT
    coalesce(p.person, w.si) * 8 + c.scheme_no AS who,
    CAST(
        ((coalesce(f.area_no, a.area_no, 0) * 32 + coalesce(g.grp_no, 1)) * 8
            + CASE WHEN w.employer_id IS NULL THEN 0 ELSE coalesce(f.sector_no, 1) END) * 2
        + CASE WHEN f.closed THEN 1 ELSE 0 END AS INTEGER
    ) AS what,
    w.start_no, w.end_no
FROM whole AS w
INNER JOIN schemes AS c ON c.scheme = w.scheme
LEFT JOIN same_people AS p ON p.si = w.si
LEFT JOIN firms AS f ON f.employer_id = w.employer_id
LEFT JOIN leaves AS a ON a.area_code = w.commune_code
LEFT JOIN grps AS g ON g.group_code = coalesce(w.group_code, '')
WHERE w.start_no < w.end_no
