-- What is due, paid and outstanding by month, and what of it is past its due date.
--
-- in:  dues  employer_id, month, due_date, participants, due, paid, outstanding, …
--      $as_of
SELECT
    month,
    CAST(count(*) AS BIGINT) AS employers,
    CAST(sum(participants) AS BIGINT) AS participants,
    CAST(sum(due) AS BIGINT) AS due,
    CAST(sum(paid) AS BIGINT) AS paid,
    CAST(sum(outstanding) AS BIGINT) AS outstanding,
    CAST(sum(CASE WHEN due_date < $as_of THEN outstanding ELSE 0 END) AS BIGINT) AS overdue
FROM dues
GROUP BY month
