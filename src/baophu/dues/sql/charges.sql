-- Late payment and evasion of what was registered: each sum of one fund and month that was settled by one payment day,
-- or is open still, with the days it was late and the charge on it.
--
-- Law 41/2024/QH15 arts. 38(1), 39(1)(đ)-(e), 40(1), 41(1); Decree 274/2025/NĐ-CP arts. 5-6. A day counts when at its end
-- the money was still unpaid; whether the day of payment counts too is the switch `charge_last_day_counted`.
--
-- in:  pieces   as pieces.sql gives them
--      lines    employer_id, line
--      notices  employer_id, month (of the dues demanded), sent_on
--      $first, $last: the range of employers; $as_of; $last_day: 1 where the day of payment counts, else 0; $rate, $rate_scale: the charge a day is
--      amount x $rate / $rate_scale; $counts_from: days before are not charged; $grace_days (60), $urging_days (45),
--      $urged_from_days: evasion begins this many days after a letter sent later; $si_after_hi …: see dues.sql;
--      $charge_hi: whether health insurance is charged
WITH late AS (
    -- The last piece of a due is the last to be settled, so where any piece is late it is too, and tells of the whole.
    SELECT
        line, month, due_date, paid_on, from_upto, upto,
        max(due_si) OVER due AS due_si, max(due_hi) OVER due AS due_hi, max(due_ui) OVER due AS due_ui,
        max(upto) OVER due AS due_upto
    FROM pieces
    WHERE upto > from_upto AND due_date < $as_of AND (paid_on IS NULL OR paid_on > due_date)
    WINDOW due AS (PARTITION BY line, month)
),
split AS (
    SELECT
        t.line, t.month, t.due_date, t.paid_on, f.fund,
        t.from_upto - (t.due_upto - t.due_si - t.due_hi - t.due_ui) AS low,
        t.upto - (t.due_upto - t.due_si - t.due_hi - t.due_ui) AS high,
        CASE f.fund
            WHEN 'si' THEN $si_after_hi * t.due_hi + $si_after_ui * t.due_ui
            WHEN 'hi' THEN (1 - $si_after_hi) * t.due_si + $hi_after_ui * t.due_ui
            ELSE (1 - $si_after_ui) * t.due_si + (1 - $hi_after_ui) * t.due_hi
        END AS fund_from,
        CASE f.fund WHEN 'si' THEN t.due_si WHEN 'hi' THEN t.due_hi ELSE t.due_ui END AS fund_due
    FROM late AS t
    CROSS JOIN (SELECT 'si' AS fund UNION ALL SELECT 'hi' UNION ALL SELECT 'ui') AS f
    WHERE f.fund <> 'hi' OR $charge_hi
),
sums_late AS (
    SELECT
        line, month, due_date, paid_on, fund,
        least(high, fund_from + fund_due) - greatest(low, fund_from) AS amount,
        greatest(due_date + 1, $counts_from) AS first_day,
        -- the first day that is not counted
        CASE WHEN paid_on IS NULL THEN $as_of + 1 ELSE paid_on + CAST($last_day AS INTEGER) END AS end_day
    FROM split
    WHERE least(high, fund_from + fund_due) > greatest(low, fund_from)
),
urged AS (
    SELECT l.line, n.month, min(n.sent_on) AS sent_on
    FROM notices AS n
    INNER JOIN lines AS l ON l.employer_id = n.employer_id
    INNER JOIN (SELECT DISTINCT line, month, due_date FROM late) AS d ON d.line = l.line AND d.month = n.month
    WHERE n.employer_id BETWEEN $first AND $last AND n.sent_on > d.due_date AND n.sent_on <= $as_of
    GROUP BY l.line, n.month
),
dated AS (
    SELECT
        s.line, s.month, s.due_date, s.paid_on, s.fund, s.amount, s.first_day, s.end_day,
        CASE
            WHEN s.fund = 'hi' OR u.sent_on IS NULL THEN s.end_day
            WHEN u.sent_on <= s.due_date + CAST($urging_days AS INTEGER)
                THEN greatest(s.due_date + CAST($grace_days + 1 AS INTEGER), s.first_day)
            ELSE greatest(
                s.due_date + CAST($grace_days + 1 AS INTEGER), u.sent_on + CAST($urged_from_days AS INTEGER), s.first_day
            )
        END AS evasion_from
    FROM sums_late AS s
    LEFT JOIN urged AS u ON u.line = s.line AND u.month = s.month
),
classed AS (
    SELECT
        line, month, fund, amount, paid_on, first_day,
        CASE WHEN fund = 'hi' THEN 'HI' ELSE '38(1)' END AS clause, 'late' AS class,
        date_diff('day', first_day, least(end_day, evasion_from)) AS days
    FROM dated
    UNION ALL
    SELECT
        line, month, fund, amount, paid_on, evasion_from AS first_day,
        CASE WHEN fund = 'si' THEN '39(1)(đ)' ELSE '39(1)(e)' END AS clause, 'evasion' AS class,
        date_diff('day', evasion_from, end_day) AS days
    FROM dated
)
SELECT
    l.employer_id, c.month, c.fund, c.clause, c.class, c.amount, c.first_day, c.days,
    round_div(c.amount * $rate * c.days, $rate_scale) AS charge,
    c.paid_on, $as_of AS as_of
FROM classed AS c
INNER JOIN lines AS l ON l.line = c.line
WHERE c.days > 0
