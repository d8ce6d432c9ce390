-- The next legal steps of each employer.
SELECT
    employer_id, CAST(month AS VARCHAR) AS month, outstanding, days_late, CAST(sent_on AS VARCHAR) AS sent_on,
    CAST(evasion_from AS VARCHAR) AS evasion_from, CAST(demand_by AS VARCHAR) AS demand_by, step,
    CAST(step_on AS VARCHAR) AS step_on
FROM steps
ORDER BY employer_id, month
