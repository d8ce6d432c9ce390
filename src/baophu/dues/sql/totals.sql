-- What dues, charges and next steps add up to. An employer counts once, in the gravest class that it is in.
--
-- in:  dues     employer_id, month, due_date, due, paid, outstanding, due_si …, paid_si …
--      charges  employer_id, class, charge
--      steps    employer_id, step: 'list' where open dues are evasion by now
--      $as_of; $rate_from: the first month whose dues the late rate is measured by
WITH late AS (
    SELECT
        CAST(COALESCE(sum(due_si - paid_si), 0) AS BIGINT) AS late_si,
        CAST(COALESCE(sum(due_hi - paid_hi), 0) AS BIGINT) AS late_hi,
        CAST(COALESCE(sum(due_ui - paid_ui), 0) AS BIGINT) AS late_ui
    FROM dues
    WHERE due_date < $as_of
),
whole AS (
    SELECT
        CAST(count(DISTINCT employer_id) AS BIGINT) AS employers,
        CAST(sum(due) AS BIGINT) AS due,
        CAST(sum(paid) AS BIGINT) AS paid,
        CAST(sum(outstanding) AS BIGINT) AS outstanding,
        CAST(COALESCE(sum(CASE WHEN month >= $rate_from THEN due END), 0) AS BIGINT) AS due_of_rate
    FROM dues
),
gravest AS (
    SELECT employer_id, max(grade) AS grade
    FROM (
        SELECT employer_id, CASE WHEN step = 'list' THEN 3 ELSE 2 END AS grade FROM steps
        UNION ALL
        SELECT employer_id, 1 AS grade FROM charges
    ) AS graded
    GROUP BY employer_id
),
classes AS (
    SELECT
        CAST(count(CASE WHEN grade = 3 THEN 1 END) AS BIGINT) AS employers_evasion,
        CAST(count(CASE WHEN grade = 2 THEN 1 END) AS BIGINT) AS employers_late,
        CAST(count(CASE WHEN grade = 1 THEN 1 END) AS BIGINT) AS employers_settled_late
    FROM gravest
),
charged AS (
    SELECT
        CAST(COALESCE(sum(CASE WHEN class = 'late' THEN charge END), 0) AS BIGINT) AS charge_late,
        CAST(COALESCE(sum(CASE WHEN class = 'evasion' THEN charge END), 0) AS BIGINT) AS charge_evasion
    FROM charges
)
SELECT * FROM whole CROSS JOIN late CROSS JOIN classes CROSS JOIN charged
