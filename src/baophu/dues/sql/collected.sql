-- What was paid into each fund, by the employer's area and the month in which the money came: year x 12 + month - 1.
--
-- in:  pieces  as pieces.sql gives them
--      lines   line, area_no (areas and months as numbers cost half of what words and days do)
--      $si_after_hi …: see dues.sql
WITH several AS (
    -- Dues to which the money came on several days.
    SELECT
        line, month, paid_on, from_upto, upto, due_si, due_hi, due_ui,
        upto - due_si - due_hi - due_ui + $si_after_hi * due_hi + $si_after_ui * due_ui AS si_from,
        upto - due_hi - due_ui - $si_after_hi * due_si + $hi_after_ui * due_ui AS hi_from,
        upto - due_ui - $si_after_ui * due_si - $hi_after_ui * due_hi AS ui_from
    FROM pieces
    WHERE is_due AND from_upto > upto - due_si - due_hi - due_ui
),
parts AS (
    SELECT line, paid_on, from_upto, upto, due_si, due_hi, due_ui, si_from, hi_from, ui_from
    FROM several
    WHERE paid_on IS NOT NULL
    UNION ALL
    SELECT p.line, p.paid_on, p.from_upto, p.upto, s.due_si, s.due_hi, s.due_ui, s.si_from, s.hi_from, s.ui_from
    FROM several AS s
    INNER JOIN pieces AS p ON p.line = s.line AND p.month = s.month
    WHERE NOT p.is_due
),
settled AS (
    -- The rest came on one day, which is nearly all: no look at the order of funds.
    SELECT line, paid_on, due_si AS paid_si, due_hi AS paid_hi, due_ui AS paid_ui
    FROM pieces
    WHERE is_due AND paid_on IS NOT NULL AND from_upto <= upto - due_si - due_hi - due_ui
    UNION ALL
    SELECT
        line, paid_on,
        greatest(0, least(upto, si_from + due_si) - greatest(from_upto, si_from)) AS paid_si,
        greatest(0, least(upto, hi_from + due_hi) - greatest(from_upto, hi_from)) AS paid_hi,
        greatest(0, least(upto, ui_from + due_ui) - greatest(from_upto, ui_from)) AS paid_ui
    FROM parts
)
SELECT
    l.area_no, year(s.paid_on) * 12 + month(s.paid_on) - 1 AS month_no,
    CAST(sum(s.paid_si) AS BIGINT) AS paid_si,
    CAST(sum(s.paid_hi) AS BIGINT) AS paid_hi,
    CAST(sum(s.paid_ui) AS BIGINT) AS paid_ui
FROM settled AS s
INNER JOIN lines AS l ON l.line = s.line
GROUP BY l.area_no, year(s.paid_on) * 12 + month(s.paid_on) - 1
