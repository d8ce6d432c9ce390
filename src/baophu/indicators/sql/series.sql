-- Participants of every month, by running sums over who comes and goes; 0 where nobody is in.
--
-- in:  moves, months, leaves, scheme_names
WITH changes AS (
    SELECT
        place, area_no, scheme_no, month_no,
        sum(CASE WHEN what >= 20 THEN -people WHEN what IN (10, 11) THEN 0 ELSE people END) AS change
    FROM moves
    GROUP BY place, area_no, scheme_no, month_no
),
cells AS (
    SELECT DISTINCT place, area_no, scheme_no FROM moves
),
running AS (
    SELECT
        e.place, e.area_no, e.scheme_no, m.month,
        sum(coalesce(c.change, 0)) OVER (PARTITION BY e.place, e.area_no, e.scheme_no ORDER BY m.month_no) AS participants
    FROM cells AS e
    CROSS JOIN months AS m
    LEFT JOIN changes AS c
        ON c.place = e.place AND c.area_no = e.area_no AND c.scheme_no = e.scheme_no AND c.month_no = m.month_no
)
SELECT a.area_code, r.place, s.scheme, r.month, CAST(r.participants AS BIGINT) AS participants
FROM running AS r
INNER JOIN leaves AS a ON a.area_no = r.area_no
INNER JOIN scheme_names AS s ON s.scheme_no = r.scheme_no
