-- Employers to businesses by name and commune, where both are alone in it and no code has placed the business. A name
-- counts in every way in which its legal form is written. A head with a branch in the same commune is not alone: people
-- give both the same name.
WITH branch AS (
    SELECT substr(tax_code, 1, 10) AS head, commune_code, CAST(count(*) AS BIGINT) AS branches
    FROM businesses
    WHERE length(tax_code) = 13
    GROUP BY substr(tax_code, 1, 10), commune_code
),
free AS (
    SELECT other.tax_code, other.full_key, other.commune_code, other.kind = 'household' AS household
    FROM businesses AS other
    LEFT JOIN (SELECT DISTINCT tax_code FROM codes WHERE agrees) AS placed ON placed.tax_code = other.tax_code
    WHERE placed.tax_code IS NULL
),
found AS (
    SELECT DISTINCT one.employer_id, free.tax_code
    FROM employers_left AS one
    JOIN spelled ON spelled.employer_id = one.employer_id
    JOIN free ON free.full_key = spelled.full_key AND free.commune_code = one.commune_code
        AND free.household = one.household
    LEFT JOIN rejected ON rejected.employer_id = one.employer_id AND rejected.tax_code = free.tax_code
    WHERE rejected.employer_id IS NULL
)
SELECT found.employer_id, found.tax_code,
    CAST(count(*) OVER (PARTITION BY found.employer_id) - 1 AS BIGINT) + COALESCE(branch.branches, 0) AS rivals,
    CAST(count(*) OVER (PARTITION BY found.tax_code) - 1 AS BIGINT) AS claims
FROM found
JOIN employers_left AS one ON one.employer_id = found.employer_id
LEFT JOIN branch ON branch.head = found.tax_code AND branch.commune_code = one.commune_code
