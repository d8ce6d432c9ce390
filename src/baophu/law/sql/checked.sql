-- What is declared, by month, and what of it could not be computed.
SELECT
    month,
    CAST(count(*) AS BIGINT) AS declared,
    CAST(count(*) FILTER (WHERE wage IS NULL OR unpaid_days IS NULL) AS BIGINT) AS empty
FROM declarations
GROUP BY month
