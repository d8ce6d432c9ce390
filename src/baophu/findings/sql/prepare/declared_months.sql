-- Months for which an employer that is linked to a business for certain declared somebody; `person` is NULL where nobody
-- could tell who the participant is.
--
-- in:  declarations, linked, declarers
SELECT
    l.person, f.firm, f.employer_no, CAST(d.si_code AS BIGINT) AS si,
    CAST(year(d.month) * 12 + month(d.month) - 1 AS BIGINT) AS month_no,
    d.group_code, d.wage, d.unpaid_days, d._row AS row_no
FROM declarations AS d
INNER JOIN declarers AS f ON f.employer_id = d.employer_id
LEFT JOIN linked AS l ON l.si = CAST(d.si_code AS BIGINT)
