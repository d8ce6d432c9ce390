-- Employers with an amount whose due date was the last one before $as_of, and how many of them have paid some of it.
--
-- in:  dues;  $as_of
WITH last_due AS (
    SELECT max(due_date) AS due_date FROM dues WHERE due_date < $as_of
)
SELECT count(*) AS whole, count(*) FILTER (WHERE d.paid > 0) AS good
FROM dues AS d
INNER JOIN last_due AS l ON l.due_date = d.due_date
WHERE d.due > 0
