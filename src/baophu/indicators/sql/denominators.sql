-- Statistics of areas for each month: the figure of the month's own quarter or year; between two, on the straight line
-- from the middle of one period to that of the next; beyond the first or last, that figure, for three years at most.
-- Only the first is no estimate. A quarter's figure goes before a year's.
--
-- in:  statistics  area_code, measure, value, source, period, from_no, to_no;  months
WITH pairs AS (
    SELECT
        s.area_code, s.measure, m.month, m.month_no, CAST(round(s.value) AS BIGINT) AS value, s.source, s.period,
        -- twice the number of the month in the middle
        s.from_no + s.to_no AS middle,
        s.from_no <= m.month_no AND m.month_no < s.to_no AS own,
        row_number() OVER (
            PARTITION BY s.area_code, s.measure, m.month, s.from_no + s.to_no <= m.month_no * 2 + 1
            ORDER BY CASE WHEN s.from_no <= m.month_no AND m.month_no < s.to_no THEN 0 ELSE 1 END,
                abs(s.from_no + s.to_no - m.month_no * 2 - 1), s.to_no - s.from_no
        ) AS nearest,
        s.from_no + s.to_no <= m.month_no * 2 + 1 AS earlier
    FROM statistics AS s
    CROSS JOIN months AS m
),
owned AS (
    SELECT
        area_code, measure, month, value, source || ', ' || period AS denominator_source,
        row_number() OVER (PARTITION BY area_code, measure, month ORDER BY length(period) DESC, period) AS place
    FROM pairs
    WHERE own
),
both_sides AS (
    SELECT
        area_code, measure, month, max(month_no) AS month_no,
        max(CASE WHEN earlier THEN value END) AS value_before, max(CASE WHEN NOT earlier THEN value END) AS value_after,
        max(CASE WHEN earlier THEN middle END) AS middle_before, max(CASE WHEN NOT earlier THEN middle END) AS middle_after,
        max(CASE WHEN earlier THEN source || ', ' || period END) AS source_before,
        max(CASE WHEN NOT earlier THEN source || ', ' || period END) AS source_after
    FROM pairs
    WHERE nearest = 1
    GROUP BY area_code, measure, month
),
estimated AS (
    SELECT
        area_code, measure, month,
        CASE
            WHEN value_before IS NULL THEN CASE WHEN middle_after - month_no * 2 - 1 <= 72 THEN value_after END
            WHEN value_after IS NULL THEN CASE WHEN month_no * 2 + 1 - middle_before <= 72 THEN value_before END
            ELSE value_before + round_div(
                (value_after - value_before) * (month_no * 2 + 1 - middle_before), middle_after - middle_before
            )
        END AS value,
        CASE
            WHEN value_before IS NULL THEN source_after
            WHEN value_after IS NULL THEN source_before
            ELSE source_before || '; ' || source_after
        END AS denominator_source
    FROM both_sides
)
SELECT area_code, measure, month, value, denominator_source, FALSE AS estimated FROM owned WHERE place = 1
UNION ALL
SELECT e.area_code, e.measure, e.month, e.value, e.denominator_source, TRUE AS estimated
FROM estimated AS e
LEFT JOIN owned AS o ON o.area_code = e.area_code AND o.measure = e.measure AND o.month = e.month AND o.place = 1
WHERE o.area_code IS NULL AND e.value IS NOT NULL
