-- Payments to dues, oldest first, exactly: one row for each point at which a due ends or a payment runs out.
--
-- All dues of an employer stand on one line, one behind the other by due date; so do its payments. Between two
-- neighbouring points all money belongs to exactly one due and to one payment day. A row says whose money lies between
-- `from_upto` and `upto`: the due of `month`, settled on `paid_on` (empty: not paid). Where `is_due`, the point
-- is the end of that due, and the row carries its parts.
--
-- A refund takes back the latest money first: at any day only that counts as paid which no later refund took back.
--
-- in:  sums       employer_id, month, participants, due_si, due_hi, due_ui   (VND)
--      lines      employer_id, pay_method, line
--      due_dates  month, and the due date for each method of payment: monthly, quarterly, half_yearly
--      paid_in    as paid_in.sql gives it, what was paid by the end of the day
--      $first, $last, $first_line, $last_line: the range of employers, for bounded memory
WITH owed AS (
    SELECT
        l.line, s.month, s.participants, s.due_si, s.due_hi, s.due_ui,
        CAST(sum(s.due_si + s.due_hi + s.due_ui) OVER (
            PARTITION BY l.line ORDER BY s.month ROWS UNBOUNDED PRECEDING
        ) AS BIGINT) AS upto
    FROM sums AS s
    INNER JOIN lines AS l ON l.employer_id = s.employer_id
    WHERE s.employer_id BETWEEN $first AND $last
),
running AS (
    -- Rows of one day are peers: each stands for all that the day left.
    SELECT line, paid_on, amount, CAST(sum(amount) OVER (PARTITION BY line ORDER BY paid_on) AS BIGINT) AS upto
    FROM paid_in
    WHERE line BETWEEN $first_line AND $last_line
),
refunded AS (
    SELECT DISTINCT line FROM running WHERE amount < 0
),
paid AS (
    SELECT r.line, r.paid_on, r.upto
    FROM running AS r
    LEFT JOIN refunded AS f ON f.line = r.line
    WHERE f.line IS NULL
    UNION ALL
    SELECT
        r.line, r.paid_on,
        greatest(0, min(r.upto) OVER (PARTITION BY r.line ORDER BY r.paid_on DESC ROWS UNBOUNDED PRECEDING)) AS upto
    FROM running AS r
    INNER JOIN refunded AS f ON f.line = r.line
),
points AS (
    -- `place` orders points that lie in one place, from the far end back: payments first, the latest before, so that a
    -- due that ends where payments do is settled by the first of them; then dues, a later one of nothing before its
    -- elder, to which the money belongs.
    SELECT
        line, upto, month AS place,
        CAST(NULL AS DATE) AS paid_on, month, participants, due_si, due_hi, due_ui
    FROM owed
    UNION ALL
    SELECT line, upto, CAST(paid_on + INTERVAL 1000 YEAR AS DATE), paid_on, NULL, NULL, NULL, NULL, NULL
    FROM paid
),
merged AS (
    -- From the far end of the line back: the last due and the last payment day met are those that hold here.
    SELECT
        line, upto, participants, due_si, due_hi, due_ui,
        paid_on IS NULL AS is_due,
        lead(upto, 1, 0) OVER back AS from_upto,
        last_value(month IGNORE NULLS) OVER so_far AS month,
        last_value(paid_on IGNORE NULLS) OVER so_far AS paid_on
    FROM points
    WINDOW
        back AS (PARTITION BY line ORDER BY upto DESC, place DESC),
        so_far AS (PARTITION BY line ORDER BY upto DESC, place DESC ROWS UNBOUNDED PRECEDING)
)
SELECT
    m.line, m.month,
    CASE l.pay_method WHEN 'half_yearly' THEN d.half_yearly WHEN 'quarterly' THEN d.quarterly ELSE d.monthly END
        AS due_date,
    m.paid_on, m.from_upto, m.upto, m.is_due, m.participants, m.due_si, m.due_hi, m.due_ui
FROM merged AS m
INNER JOIN lines AS l ON l.line = m.line
INNER JOIN due_dates AS d ON d.month = m.month
WHERE m.is_due OR m.upto > m.from_upto
