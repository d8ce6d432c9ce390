-- Employers to businesses by tax code: of 10 digits, of 13 for a branch, or its owner's number for a household. A branch
-- that is not registered itself goes to its head. `agrees` is whether name or commune bears the code out.
WITH found AS (
    SELECT one.employer_id, other.tax_code, 'tax_code' AS rule, 1 AS preference
    FROM employers AS one
    JOIN businesses AS other ON other.tax_code_number = one.tax_code_number
    UNION ALL
    SELECT one.employer_id, other.tax_code, 'owner', 2
    FROM employers AS one
    JOIN businesses AS other ON other.owner_pid_number = one.tax_code_number
    WHERE one.tax_code_number < 1000000000000 AND other.kind = 'household'
        AND other.tax_code_number <> one.tax_code_number
    UNION ALL
    SELECT one.employer_id, other.tax_code, 'head_office', 3
    FROM employers AS one
    JOIN businesses AS other ON other.tax_code_number = head_of(one.tax_code_number)
    WHERE one.tax_code_number <> head_of(one.tax_code_number)
),
left_open AS (
    SELECT found.*
    FROM found
    LEFT JOIN decided ON decided.employer_id = found.employer_id
    LEFT JOIN rejected ON rejected.employer_id = found.employer_id AND rejected.tax_code = found.tax_code
    WHERE decided.employer_id IS NULL AND rejected.employer_id IS NULL
),
ranked AS (
    SELECT employer_id, tax_code, rule, preference,
        min(preference) OVER (PARTITION BY employer_id) AS best,
        count(*) OVER (PARTITION BY employer_id, preference) AS as_good
    FROM left_open
)
SELECT one.employer_id, ranked.tax_code, ranked.rule, CAST(ranked.as_good - 1 AS BIGINT) AS rivals,
    one.full_key AS employer_key, other.full_key AS business_key,
    ranked.as_good = 1 AND (one.commune_code = other.commune_code OR one.full_key = other.full_key
        OR one.set_key = other.set_key) AS agrees
FROM ranked
JOIN employers AS one ON one.employer_id = ranked.employer_id
JOIN businesses AS other ON other.tax_code = ranked.tax_code
WHERE ranked.preference = ranked.best
