-- Employers that are linked to a business for certain, each with a number of this run and its firm.
--
-- in:  firms
SELECT
    employer_id, row_number() OVER (ORDER BY employer_id) AS employer_no, min(firm) AS firm,
    min(commune_code) AS commune_code, min(region) AS region
FROM firms
WHERE certain
GROUP BY employer_id
