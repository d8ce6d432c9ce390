-- What the sums of a month need to know of its employers, and of no others.
--
-- in:  declarations  employer_id, … of one month
--      employers     employer_id, region, …
SELECT e.employer_id, e.region
FROM employers AS e
INNER JOIN (SELECT DISTINCT employer_id FROM declarations) AS d ON d.employer_id = e.employer_id
