-- What counting needs to know of each participant: sex, month of birth, where he lives, when he died or retired.
--
-- The population register goes before what the participant's own file says; of an unknown birth date, 1 January counts
-- (Decree 135/2020/NĐ-CP art. 3). Months are numbers: year * 12 + month - 1. Who has not died or retired has a month
-- that no spell reaches.
--
-- in:  participants, population, links;  retired  si_code, pid, retired_no
WITH linked AS (
    SELECT CAST(si_code AS BIGINT) AS si, CAST(pid AS BIGINT) AS pid FROM links WHERE status = 'accepted'
),
residents AS (
    SELECT CAST(pid AS BIGINT) AS pid, sex, commune_code, ethnic, birth_date, birth_year, deceased_on FROM population
),
own AS (
    SELECT
        CAST(p.si_code AS BIGINT) AS si, l.pid, coalesce(r.sex, p.sex) AS sex, coalesce(r.commune_code, p.commune_code) AS commune_code, r.ethnic,
        CASE
            WHEN r.birth_date IS NOT NULL THEN year(r.birth_date) * 12 + month(r.birth_date) - 1
            WHEN r.birth_year IS NOT NULL THEN r.birth_year * 12
            WHEN p.birth_date IS NOT NULL THEN year(p.birth_date) * 12 + month(p.birth_date) - 1
            ELSE p.birth_year * 12
        END AS birth_no,
        year(r.deceased_on) * 12 + month(r.deceased_on) - 1 AS died_no
    FROM participants AS p
    LEFT JOIN linked AS l ON l.si = CAST(p.si_code AS BIGINT)
    LEFT JOIN residents AS r ON r.pid = l.pid
),
by_pid AS (
    SELECT CAST(pid AS BIGINT) AS pid, min(retired_no) AS retired_no FROM retired WHERE pid IS NOT NULL GROUP BY 1
),
by_code AS (
    SELECT CAST(si_code AS BIGINT) AS si, min(retired_no) AS retired_no FROM retired WHERE si_code IS NOT NULL GROUP BY 1
)
SELECT
    o.si AS person,
    CAST(CASE o.sex WHEN 'M' THEN 1 WHEN 'F' THEN 2 ELSE 0 END AS INTEGER) AS sex_no,
    CAST(coalesce(o.birth_no, -1) AS INTEGER) AS birth_no,
    CAST(coalesce(a.area_no, 0) AS INTEGER) AS resident,
    CAST(coalesce(o.died_no, 999999) AS INTEGER) AS died_no,
    CAST(least(coalesce(c.retired_no, 999999), coalesce(n.retired_no, 999999)) AS INTEGER) AS retired_no,
    coalesce(o.ethnic = 'other', FALSE) AS minority
FROM own AS o
LEFT JOIN leaves AS a ON a.area_code = o.commune_code
LEFT JOIN by_pid AS n ON n.pid = o.pid
LEFT JOIN by_code AS c ON c.si = o.si
