-- What each employer owed for each month, and what of it is paid: the points where a due ends.
--
-- in:  pieces  as pieces.sql gives them
--      lines   employer_id, line
--      $si_after_hi … : 1 where the first fund is paid after the second (the switch `fund_order`), else 0
WITH ended AS (
    SELECT
        line, month, due_date, participants, due_si, due_hi, due_ui, paid_on,
        due_si + due_hi + due_ui AS due,
        -- What lies below the last point is paid; of an open due, that is where the money ran out.
        CASE
            WHEN paid_on IS NULL THEN greatest(0, from_upto - (upto - due_si - due_hi - due_ui))
            ELSE due_si + due_hi + due_ui
        END AS paid
    FROM pieces
    WHERE is_due
)
SELECT
    l.employer_id, e.month, e.due_date, e.participants,
    e.due, e.paid, e.due - e.paid AS outstanding,
    e.due_si, e.due_hi, e.due_ui,
    greatest(0, least(e.due_si, e.paid - $si_after_hi * e.due_hi - $si_after_ui * e.due_ui)) AS paid_si,
    greatest(0, least(e.due_hi, e.paid - (1 - $si_after_hi) * e.due_si - $hi_after_ui * e.due_ui)) AS paid_hi,
    greatest(0, least(e.due_ui, e.paid - (1 - $si_after_ui) * e.due_si - (1 - $hi_after_ui) * e.due_hi)) AS paid_ui,
    CASE WHEN e.due > 0 AND e.paid = e.due THEN e.paid_on END AS cleared_on
FROM ended AS e
INNER JOIN lines AS l ON l.line = e.line
