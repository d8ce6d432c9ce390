-- What changed from the month before: opening + new + returned + moved_in - left_all - moved_out = closing.
--
-- Opening and closing are those of the series; the rest is counted from who comes and goes, so that the identity can fail.
-- `short_stay`: of the closing, those who have been in for fewer than three months without a break.
--
-- in:  moves, series, months (of the flows and the one before), leaves, scheme_names;  $flows_first: the first month told
WITH cells AS (
    SELECT DISTINCT place, area_no, scheme_no FROM moves
),
sums AS (
    SELECT
        place, area_no, scheme_no, month_no,
        sum(CASE WHEN what = 1 THEN people ELSE 0 END) AS joined_new,
        sum(CASE WHEN what = 2 THEN people ELSE 0 END) AS returned,
        sum(CASE WHEN what = 4 THEN people ELSE 0 END) AS moved_in,
        sum(CASE WHEN what = 25 THEN people ELSE 0 END) AS left_died,
        sum(CASE WHEN what = 26 THEN people ELSE 0 END) AS left_retired,
        sum(CASE WHEN what = 27 THEN people ELSE 0 END) AS left_employer_closed,
        sum(CASE WHEN what = 28 THEN people ELSE 0 END) AS left_other,
        sum(CASE WHEN what BETWEEN 25 AND 28 THEN people ELSE 0 END) AS left_all,
        sum(CASE WHEN what BETWEEN 25 AND 28 AND short = 1 THEN people ELSE 0 END) AS left_short,
        sum(CASE WHEN what = 24 THEN people ELSE 0 END) AS moved_out
    FROM moves
    WHERE month_no >= $flows_first
    GROUP BY place, area_no, scheme_no, month_no
),
stays AS (
    SELECT
        place, area_no, scheme_no, month_no, sum(CASE what WHEN 10 THEN people ELSE -people END) AS change
    FROM moves
    WHERE what IN (10, 11)
    GROUP BY place, area_no, scheme_no, month_no
),
recent AS (
    SELECT
        e.place, e.area_no, e.scheme_no, m.month_no, m.month,
        sum(coalesce(s.change, 0)) OVER (PARTITION BY e.place, e.area_no, e.scheme_no ORDER BY m.month_no) AS short_stay
    FROM cells AS e
    CROSS JOIN months AS m
    LEFT JOIN stays AS s
        ON s.place = e.place AND s.area_no = e.area_no AND s.scheme_no = e.scheme_no AND s.month_no = m.month_no
),
told AS (
    -- By numbers, so that what follows is joined by all four at once.
    SELECT
        a.area_no, c.scheme_no, e.area_code, e.place, e.scheme, e.month, e.participants,
        lag(e.participants) OVER (PARTITION BY a.area_no, e.place, c.scheme_no ORDER BY e.month) AS opening
    FROM series AS e
    INNER JOIN leaves AS a ON a.area_code = e.area_code
    INNER JOIN scheme_names AS c ON c.scheme = e.scheme
)
SELECT
    t.area_code, t.place, t.month, t.scheme,
    CAST(coalesce(t.opening, 0) AS BIGINT) AS opening,
    CAST(coalesce(s.joined_new, 0) AS BIGINT) AS "new",
    CAST(coalesce(s.returned, 0) AS BIGINT) AS returned,
    CAST(coalesce(s.moved_in, 0) AS BIGINT) AS moved_in,
    CAST(coalesce(s.left_died, 0) AS BIGINT) AS left_died,
    CAST(coalesce(s.left_retired, 0) AS BIGINT) AS left_retired,
    CAST(coalesce(s.left_employer_closed, 0) AS BIGINT) AS left_employer_closed,
    CAST(coalesce(s.left_other, 0) AS BIGINT) AS left_other,
    CAST(coalesce(s.left_all, 0) AS BIGINT) AS left_all,
    CAST(coalesce(s.moved_out, 0) AS BIGINT) AS moved_out,
    t.participants AS closing,
    CAST(r.short_stay AS BIGINT) AS short_stay,
    CAST(coalesce(s.left_short, 0) AS BIGINT) AS left_short
FROM recent AS r
INNER JOIN told AS t
    ON t.area_no = r.area_no AND t.place = r.place AND t.scheme_no = r.scheme_no AND t.month = r.month
LEFT JOIN sums AS s
    ON s.place = r.place AND s.area_no = r.area_no AND s.scheme_no = r.scheme_no AND s.month_no = r.month_no
WHERE r.month_no >= $flows_first
