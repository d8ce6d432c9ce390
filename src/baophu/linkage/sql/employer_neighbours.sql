-- Businesses of the same commune that an employer without a code and without a business of his name might be.
SELECT one.employer_id, other.tax_code, other.full_key, other.name
FROM employers_left AS one
JOIN businesses AS other ON other.commune_code = one.commune_code
LEFT JOIN (SELECT DISTINCT tax_code FROM codes WHERE agrees) AS placed ON placed.tax_code = other.tax_code
LEFT JOIN (SELECT DISTINCT employer_id FROM names) AS named ON named.employer_id = one.employer_id
LEFT JOIN rejected ON rejected.employer_id = one.employer_id AND rejected.tax_code = other.tax_code
WHERE placed.tax_code IS NULL AND rejected.employer_id IS NULL AND named.employer_id IS NULL AND (other.kind = 'household') = one.household
