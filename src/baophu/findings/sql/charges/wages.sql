-- The wages of findings as worker-months, for the law's rules: each finding is one worker, its region is the employer.
--
-- in:  found_months;  $registered: the registered wages, where there are any; else the lawful ones
SELECT
    month, region AS employer_id, finding_id AS si_code, group_code, wage, CAST(0 AS INTEGER) AS unpaid_days
FROM (SELECT *, CASE WHEN $registered THEN registered_wage ELSE lawful_wage END AS wage FROM found_months) AS w
WHERE wage IS NOT NULL
