-- Employers whom no tax code places, or whose code neither name nor commune bears out.
SELECT one.employer_id, one.name, one.commune_code, one.sector = 'household' AS household
FROM employers AS one
LEFT JOIN (SELECT employer_id FROM codes WHERE agrees) AS placed ON placed.employer_id = one.employer_id
LEFT JOIN decided ON decided.employer_id = one.employer_id
WHERE placed.employer_id IS NULL AND decided.employer_id IS NULL
