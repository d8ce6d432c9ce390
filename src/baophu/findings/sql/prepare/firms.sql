-- The insurance employers of a firm. A branch (13 digits) and its head office (the first 10) are one firm; a household
-- that carries its owner's number (12 digits) has no branches.
--
-- in:  employer_links, employers
SELECT
    head_of(tax_number(k.tax_code)) AS firm, tax_number(k.tax_code) AS payer, k.tax_code, k.employer_id,
    e.commune_code, e.region, k.status = 'accepted' AS certain
FROM employer_links AS k
INNER JOIN employers AS e ON e.employer_id = k.employer_id
WHERE k.tax_code IS NOT NULL
