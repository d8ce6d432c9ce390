-- People's spells in the form in which they are counted: see counting.py.
--
-- in:  leaves  at, area_no;  $people, $communes: how many there are;  $last: the last month's number
WITH people AS (
    -- a multiplication that reaches every number once: the registers' order is not that of communes
    SELECT i, 1 + CAST(floor(power(i * 611953 % $people / CAST($people AS DOUBLE), 1.5) * $communes) AS INTEGER) AS home,
        hash(i * 31) % 100 AS h, hash(i * 37) % 100 AS w, hash(i * 7) % 100 AS g,
        hash(i * 41) % 10 AS near, hash(i * 13) AS born_by, hash(i * 17) AS began_by, hash(i * 23) AS ended_by
    FROM range($people) AS t (i)
),
placed AS (
    SELECT *,
        CASE WHEN h < 12 THEN 0 WHEN h < 14 THEN 1 WHEN h < 25 THEN 2 WHEN h < 86 THEN 3 ELSE 4 END AS scheme_no,
        CASE WHEN near < 8 THEN home WHEN near < 9 THEN (home - 1 + CAST(hash(i * 43) % 20 AS INTEGER)) % $communes + 1
            ELSE 1 + CAST(floor(power(hash(i * 47) % 10000 / 10000.0, 3) * $communes) AS INTEGER) END AS works
    FROM people
),
aged AS (
    SELECT *,
        CASE WHEN scheme_no <> 3 OR w < 17 THEN 18 * 12 + CAST((born_by % 300 + born_by // 300 % 230) AS INTEGER)
        ELSE CAST((born_by % 660 + (born_by // 660) % 360) AS INTEGER) END AS months_old,
        -- an employer of its own size in the commune of work: of 300, small numbers are the large ones
        works * 1000 + CAST(floor(power(hash(i * 53) % 1000 / 1000.0, 4) * 300) AS INTEGER) AS employer
    FROM placed
),
coded AS (
    SELECT *,
        CASE WHEN scheme_no <> 3 OR w < 17 THEN works ELSE home END AS managed_at,
        CASE WHEN g < 90 THEN 2 WHEN g < 97 THEN 3 ELSE 4 + g % 11 END AS letter,
        CASE WHEN w < 17 THEN 15 WHEN months_old < 72 THEN 22 WHEN months_old < 264 AND g < 92 THEN 18
            WHEN months_old > 720 AND g < 40 THEN 16 WHEN hash(home * 3) % 5 = 0 AND g < 60 THEN 23
            WHEN g < 70 THEN 17 WHEN g < 80 THEN 19 WHEN g < 88 THEN 24 WHEN g < 92 THEN 21 WHEN g < 96 THEN 20
            ELSE 26 END AS card,
        CASE WHEN hash(employer) % 100 < 70 THEN 4 WHEN hash(employer) % 100 < 80 THEN 3
            WHEN hash(employer) % 100 < 92 THEN 2 ELSE 5 + hash(employer) % 3 END AS sector,
        CAST(CASE WHEN began_by % 100 < 88 THEN $last - 13 - began_by // 100 % 108
            ELSE $last - began_by // 100 % 12 END AS INTEGER) AS start_no
    FROM aged
)
SELECT
    CAST(scheme_no AS INTEGER) AS scheme_no,
    m.area_no AS managed, r.area_no AS resident,
    CAST(((scheme_no * 4 + 1 + hash(i * 59) % 2) * 32 + CASE scheme_no WHEN 3 THEN card WHEN 1 THEN 0 WHEN 2 THEN 0
        ELSE letter END) * 8 + CASE WHEN scheme_no = 1 OR scheme_no = 3 AND w >= 17 THEN 0 ELSE sector END AS INTEGER) AS kind,
    CAST($last - 11 - months_old AS INTEGER) AS birth_no,
    start_no,
    greatest(start_no + 1, CAST(CASE WHEN ended_by % 100 < 90 THEN $last + 1
        ELSE $last + 1 - ended_by // 100 % 12 END AS INTEGER)) AS end_no,
    CAST($last - 20 AS INTEGER) AS stay_no, CAST(1 AS INTEGER) AS came, CAST(8 AS INTEGER) AS went,
    hash(home * 3) % 5 = 0 AND g < 60 AS minority
FROM coded AS c
INNER JOIN leaves AS r ON r.at = c.home
INNER JOIN leaves AS m ON m.at = c.managed_at
