-- The points of every area by criterion. What is not known has no points, and says why; it is not zero.
--
-- Values are millionths. Between `zero` (no points) and `full` (all) points lie on the straight line, in thousandths.
--
-- in:  lasting;  indicators;  phases  area_code, month_no, due, met;  moments  month_no;  ranked  area_code
--      criteria  criterion, kind, scheme, indicator, place, zero, full_at, points
WITH increases AS (
    SELECT n.area_code, n.scheme, n.month_no, b.lasting AS before,
        CASE WHEN b.lasting > 0 THEN round_div((n.lasting - b.lasting) * 1000000, b.lasting) END AS value
    FROM lasting AS n
    INNER JOIN moments AS a ON a.month_no = n.month_no
    LEFT JOIN lasting AS b ON b.area_code = n.area_code AND b.scheme = n.scheme AND b.month_no = n.month_no - 12
),
measured AS (
    SELECT
        i.area_code, i.indicator, a.month_no,
        CAST(round(max(i.value) * 1000000) AS BIGINT) AS value, CAST(round(max(i.completeness) * 1000000) AS BIGINT) AS complete
    FROM indicators AS i
    INNER JOIN moments AS a ON a.month_no = year(i.month) * 12 + month(i.month) - 1
    INNER JOIN (SELECT DISTINCT indicator, place FROM criteria) AS c ON c.indicator = i.indicator AND c.place = i.place
    GROUP BY i.area_code, i.indicator, a.month_no
),
valued AS (
    SELECT
        r.area_code, a.month_no, c.criterion, c.kind, c.zero, c.full_at, c.points AS most,
        CASE c.kind
            WHEN 'increase' THEN n.value
            WHEN 'value' THEN m.value
            WHEN 'completeness' THEN m.complete
            ELSE CASE WHEN p.due > 0 THEN round_div(p.met * 1000000, p.due) END
        END AS value
    FROM ranked AS r
    CROSS JOIN moments AS a
    CROSS JOIN criteria AS c
    LEFT JOIN increases AS n ON c.kind = 'increase' AND n.area_code = r.area_code AND n.month_no = a.month_no AND n.scheme = c.scheme
    LEFT JOIN measured AS m ON c.kind IN ('value', 'completeness') AND m.area_code = r.area_code AND m.month_no = a.month_no
        AND m.indicator = c.indicator
    LEFT JOIN phases AS p ON c.kind = 'phases' AND p.area_code = r.area_code AND p.month_no = a.month_no
)
SELECT
    area_code, month_no, criterion, value, most,
    CASE
        WHEN value IS NULL THEN NULL
        ELSE round_div(
            most * (least(greatest(value, least(zero, full_at)), greatest(zero, full_at)) - zero), full_at - zero
        )
    END AS points,
    CASE
        WHEN value IS NOT NULL THEN NULL
        WHEN kind = 'increase' THEN 'no_value_a_year_before'
        WHEN kind = 'phases' THEN 'no_phase_due'
        WHEN kind = 'completeness' THEN 'no_completeness'
        ELSE 'no_value'
    END AS reason
FROM valued
