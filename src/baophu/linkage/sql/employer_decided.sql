-- What people decided comes first: employers of whom somebody said which business they are, as long as both are there.
SELECT DISTINCT one.employer_id, one.tax_code
FROM decisions AS one
JOIN employers ON employers.employer_id = one.employer_id
JOIN businesses ON businesses.tax_code = one.tax_code
WHERE one.accepted
