-- Each governing target against the value that stands for it, in one or several months. The rules are those of
-- targets/progress.py; what is compared is whole numbers, and only the quotients that are shown are doubles.
--
-- A value stands for the last day of its month; that of the month itself for `as_of`, where that is before.
--
-- in:  valued;  moments  month_no, as_of, year;  calendar  month_no, last_day
--      targets  target_no, year, series_no, other_no (the same in the other scope, or -1), period_end, end_no (the last
--               month that ends by then), base_date, base_no (-1: no month ends on that day), before_no (the month
--               before whose end counts: above_last_year; else -1), goal_n, goal_d, edge_n, edge_d (from where on it is
--               met), sense (over, at_least, at_most), lower (at_most: less is better), implied_n, implied_d, is_share,
--               issued, family_no
WITH asked AS (
    SELECT t.*, a.month_no, a.as_of, least(a.month_no, t.end_no) AS wanted_no
    FROM targets AS t
    INNER JOIN moments AS a ON a.year = t.year
),
hit AS (
    SELECT q.*, v.num, v.den, v.completeness
    FROM asked AS q
    LEFT JOIN valued AS v ON v.key = q.series_no * 65536 + q.wanted_no
),
missed AS (
    SELECT target_no, month_no, series_no, other_no, wanted_no FROM hit WHERE num IS NULL
),
older AS (
    SELECT m.target_no, m.month_no, m.series_no, max(v.month_no) AS value_no
    FROM missed AS m
    INNER JOIN valued AS v ON v.series_no = m.series_no AND v.month_no < m.wanted_no
    GROUP BY m.target_no, m.month_no, m.series_no
),
older_values AS (
    SELECT o.target_no, o.month_no, o.value_no, v.num, v.den, v.completeness
    FROM older AS o
    INNER JOIN valued AS v ON v.key = o.series_no * 65536 + o.value_no
),
elsewhere AS (
    SELECT DISTINCT m.target_no, m.month_no
    FROM missed AS m
    INNER JOIN valued AS v ON v.series_no = m.other_no AND v.month_no <= m.wanted_no
),
found AS (
    SELECT
        h.target_no, h.year, h.family_no, h.series_no, h.period_end, h.base_date, h.base_no, h.end_no, h.before_no,
        h.sense, h.lower, h.is_share, h.issued, h.goal_n, h.goal_d, h.edge_n, h.edge_d, h.implied_n, h.implied_d,
        h.month_no, h.as_of,
        CASE WHEN h.num IS NOT NULL THEN h.wanted_no ELSE o.value_no END AS value_no,
        coalesce(h.num, o.num) AS num, coalesce(h.den, o.den) AS den,
        coalesce(h.completeness, o.completeness) AS completeness,
        e.target_no IS NOT NULL AS elsewhere
    FROM hit AS h
    LEFT JOIN older_values AS o ON o.target_no = h.target_no AND o.month_no = h.month_no
    LEFT JOIN elsewhere AS e ON e.target_no = h.target_no AND e.month_no = h.month_no
),
whole AS (
    SELECT
        f.target_no, f.year, f.family_no, f.month_no, f.as_of, f.period_end, f.base_date, f.goal_n IS NULL AS above_last_year, f.sense, f.lower,
        f.is_share, f.issued, f.completeness, f.elsewhere,
        CASE WHEN c.last_day IS NOT NULL THEN least(c.last_day, f.as_of) END AS value_day,
        CAST(f.num AS HUGEINT) AS an, CAST(f.den AS HUGEINT) AS ad,
        -- The base that the phases imply stands in where none was counted; before the period none holds.
        CASE WHEN f.as_of >= f.base_date THEN CAST(coalesce(b.num, f.implied_n) AS HUGEINT) END AS bn,
        CASE WHEN f.as_of >= f.base_date THEN CAST(coalesce(b.den, f.implied_d) AS HUGEINT) END AS bd,
        CAST(CASE WHEN f.before_no >= 0 THEN g.num ELSE f.goal_n END AS HUGEINT) AS gn,
        CAST(CASE WHEN f.before_no >= 0 THEN g.den ELSE f.goal_d END AS HUGEINT) AS gd,
        CAST(CASE WHEN f.before_no >= 0 THEN g.num ELSE f.edge_n END AS HUGEINT) AS en,
        CAST(CASE WHEN f.before_no >= 0 THEN g.den ELSE f.edge_d END AS HUGEINT) AS ed,
        CAST(y.num AS HUGEINT) AS yn, CAST(y.den AS HUGEINT) AS yd
    FROM found AS f
    LEFT JOIN calendar AS c ON c.month_no = f.value_no
    LEFT JOIN valued AS b ON b.key = CASE WHEN f.base_no >= 0 THEN f.series_no * 65536 + f.base_no END
    LEFT JOIN valued AS g ON g.key = CASE WHEN f.before_no >= 0 THEN f.series_no * 65536 + f.before_no END
    LEFT JOIN valued AS y ON y.key = f.series_no * 65536 + f.value_no - 12
),
judged AS (
    SELECT
        *,
        value_day < period_end AND period_end <= as_of AS unfinished,
        value_day < base_date AS of_before,
        CASE sense
            WHEN 'over' THEN an * ed > en * ad WHEN 'at_least' THEN an * ed >= en * ad ELSE an * ed <= en * ad
        END AS meets,
        CASE sense
            WHEN 'over' THEN bn * ed > en * bd WHEN 'at_least' THEN bn * ed >= en * bd ELSE bn * ed <= en * bd
        END AS base_meets
    FROM whole
)
SELECT
    target_no, year, family_no, month_no, as_of, sense = 'at_most' AS less_is_better,
    CASE WHEN is_share THEN CAST(gn AS DOUBLE) / CAST(gd AS DOUBLE) ELSE CAST(round_div(gn, gd) AS DOUBLE) END AS target,
    CASE WHEN is_share THEN CAST(bn AS DOUBLE) / CAST(bd AS DOUBLE) ELSE CAST(round_div(bn, bd) AS DOUBLE) END AS base,
    CASE WHEN is_share THEN CAST(an AS DOUBLE) / CAST(ad AS DOUBLE) ELSE CAST(round_div(an, ad) AS DOUBLE) END AS actual,
    CASE WHEN gn <> 0 THEN CAST(an * gd AS DOUBLE) / CAST(ad * gn AS DOUBLE) END AS achieved,
    -- A value from before the base says nothing of what was done since.
    CASE
        WHEN of_before OR base_meets OR gn * bd = bn * gd THEN NULL
        ELSE CAST((an * bd - bn * ad) * gd AS DOUBLE) / CAST(ad * (gn * bd - bn * gd) AS DOUBLE)
    END AS development,
    CASE
        WHEN yn IS NULL THEN NULL
        WHEN is_share THEN CAST(an * yd - yn * ad AS DOUBLE) / CAST(ad * yd AS DOUBLE)
        WHEN yn <> 0 THEN CAST(an * yd - yn * ad AS DOUBLE) / CAST(ad * yn AS DOUBLE)
    END AS yoy,
    CASE WHEN lower THEN 1 ELSE -1 END * CASE
        WHEN is_share THEN CAST(an * gd - gn * ad AS DOUBLE) / CAST(ad * gd AS DOUBLE)
        ELSE CAST(round_div(an * gd - gn * ad, ad * gd) AS DOUBLE)
    END AS gap,
    CASE WHEN unfinished THEN NULL ELSE meets END AS met,
    completeness,
    value_day AS value_date,
    nullif(concat_ws(
        ';',
        CASE WHEN an IS NULL AND elsewhere THEN 'scope_differs' WHEN an IS NULL THEN 'no_value' END,
        CASE WHEN unfinished THEN 'value_before_period_end' END,
        CASE WHEN value_day < as_of AND as_of < period_end THEN 'value_older_than_as_of' END,
        CASE WHEN gn IS NULL THEN 'no_year_before' END,
        CASE WHEN as_of < base_date THEN 'before_base' WHEN bn IS NULL AND NOT above_last_year THEN 'no_base' END,
        CASE WHEN an IS NOT NULL AND (yn IS NULL OR (yn = 0 AND NOT is_share)) THEN 'no_value_a_year_before' END,
        CASE WHEN issued > as_of THEN 'decided_later' END,
        CASE WHEN gn = 0 AND an IS NOT NULL THEN 'zero_target' END,
        CASE WHEN gn IS NULL THEN NULL WHEN of_before AND bn IS NOT NULL THEN 'value_before_base' WHEN an IS NOT NULL AND base_meets THEN 'met_from_start' END
    ), '') AS reason
FROM judged
