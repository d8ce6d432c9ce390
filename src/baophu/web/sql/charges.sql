-- The 0.03 % a day, by employer.
SELECT
    employer_id, CAST(month AS VARCHAR) AS month, fund, clause, class, amount, CAST(first_day AS VARCHAR) AS first_day, days, charge,
    CAST(paid_on AS VARCHAR) AS paid_on, CAST(as_of AS VARCHAR) AS as_of
FROM charges
WHERE employer_id IS NOT NULL
ORDER BY employer_id, month, fund, clause
