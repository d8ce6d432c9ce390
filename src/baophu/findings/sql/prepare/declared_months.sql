-- Months for which an employer declared somebody who is linked to a person, at employers linked to a business for certain.
--
-- in:  declarations, links, firms
SELECT
    l.pid, f.firm, f.commune_code, f.region, d.si_code, d.employer_id,
    CAST(year(d.month) * 12 + month(d.month) - 1 AS BIGINT) AS month_no,
    d.group_code, d.wage, d.unpaid_days, d._row AS row_no
FROM declarations AS d
INNER JOIN links AS l ON l.si_code = d.si_code AND l.status = 'accepted'
INNER JOIN (
    SELECT employer_id, min(firm) AS firm, min(commune_code) AS commune_code, min(region) AS region
    FROM firms WHERE certain GROUP BY employer_id
) AS f ON f.employer_id = d.employer_id
