-- Employers by the class of what they have not paid: past its due date, and of that with days of evasion running.
--
-- in:  dues     employer_id, month, due_date, outstanding, …
--      charges  employer_id, class, charge, paid_on, …
--      $as_of
WITH owing AS (
    SELECT employer_id, CAST(sum(CASE WHEN due_date < $as_of THEN outstanding ELSE 0 END) AS BIGINT) AS overdue
    FROM dues
    GROUP BY employer_id
),
charged AS (
    SELECT
        employer_id,
        CAST(sum(CASE WHEN paid_on IS NULL THEN charge ELSE 0 END) AS BIGINT) AS charge,
        max(CASE WHEN paid_on IS NULL AND class = 'evasion' THEN 1 ELSE 0 END) AS evasion
    FROM charges
    GROUP BY employer_id
),
classed AS (
    SELECT
        CASE WHEN o.overdue = 0 THEN 'nothing_late' WHEN c.evasion = 1 THEN 'evasion' ELSE 'late' END AS class,
        o.overdue,
        COALESCE(c.charge, 0) AS charge
    FROM owing AS o
    LEFT JOIN charged AS c ON c.employer_id = o.employer_id
)
SELECT
    class,
    CAST(count(*) AS BIGINT) AS employers,
    CAST(sum(overdue) AS BIGINT) AS overdue,
    CAST(sum(charge) AS BIGINT) AS charge
FROM classed
GROUP BY class
