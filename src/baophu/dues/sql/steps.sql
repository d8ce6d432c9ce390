-- What comes next, by law, for each month that an employer has not paid whole after its due date.
--
-- Decree 274/2025/NĐ-CP art. 3: a written demand within the first ten days of the month; art. 6: when late payment turns
-- evasion; the province's list before the 15th of the first month of the next quarter. A demand sent later than
-- `demand_by` puts off the day from which it is evasion.
--
-- in:  dues     as dues.sql gives them
--      notices  employer_id, month, sent_on
--      $first, $last: the range of employers; $as_of; $demand_on, $list_on: the next working days for demands and for the province's list; $grace_days,
--      $urging_days, $urged_from_days: see charges.sql
WITH open_dues AS (
    SELECT employer_id, month, due_date, outstanding
    FROM dues
    WHERE outstanding > 0 AND due_date < $as_of
),
urged AS (
    SELECT n.employer_id, n.month, min(n.sent_on) AS sent_on
    FROM notices AS n
    INNER JOIN open_dues AS o ON o.employer_id = n.employer_id AND o.month = n.month
    WHERE n.employer_id BETWEEN $first AND $last AND n.sent_on > o.due_date AND n.sent_on <= $as_of
    GROUP BY n.employer_id, n.month
),
dated AS (
    SELECT
        o.employer_id, o.month, o.due_date, o.outstanding, u.sent_on,
        date_diff('day', o.due_date, $as_of) AS days_late,
        CASE
            WHEN u.sent_on IS NULL THEN NULL
            WHEN u.sent_on <= o.due_date + CAST($urging_days AS INTEGER)
                THEN o.due_date + CAST($grace_days + 1 AS INTEGER)
            ELSE greatest(
                o.due_date + CAST($grace_days + 1 AS INTEGER), u.sent_on + CAST($urged_from_days AS INTEGER)
            )
        END AS evasion_from
    FROM open_dues AS o
    LEFT JOIN urged AS u ON u.employer_id = o.employer_id AND u.month = o.month
)
SELECT
    employer_id, month, due_date, outstanding, days_late, sent_on, evasion_from,
    due_date + CAST($urging_days AS INTEGER) AS demand_by,
    CASE
        WHEN sent_on IS NULL THEN 'demand'
        WHEN evasion_from > $as_of THEN 'evasion_begins'
        ELSE 'list'
    END AS step,
    CASE WHEN sent_on IS NULL THEN $demand_on WHEN evasion_from > $as_of THEN evasion_from ELSE $list_on END AS step_on
FROM dated
