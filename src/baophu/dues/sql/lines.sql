-- Each employer with dues, numbered in the order of its code: whole numbers are cheaper to sort than codes.
--
-- in:  sums       employer_id, …
--      employers  employer_id, pay_method (where it is not known, dues are monthly), commune_code
SELECT
    s.employer_id, COALESCE(e.pay_method, 'monthly') AS pay_method, COALESCE(e.commune_code, 'unknown') AS area_code,
    CAST(row_number() OVER (ORDER BY s.employer_id) AS INTEGER) AS line
FROM (SELECT DISTINCT employer_id FROM sums) AS s
LEFT JOIN (
    SELECT employer_id, min(pay_method) AS pay_method, min(commune_code) AS commune_code FROM employers GROUP BY employer_id
) AS e ON e.employer_id = s.employer_id
