-- What each employer owes, month by month.
SELECT
    employer_id, CAST(month AS VARCHAR) AS month, CAST(due_date AS VARCHAR) AS due_date, participants, due, paid, outstanding,
    due_si, due_hi, due_ui, paid_si, paid_hi, paid_ui, CAST(cleared_on AS VARCHAR) AS cleared_on
FROM dues
ORDER BY employer_id, month
