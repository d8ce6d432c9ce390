-- For whom a firm declared which months, a row a year: each month is a bit; and the least wage of any.
--
-- in:  declared_months;  bits  month_no, year_no, bit
SELECT d.person, d.firm, b.year_no, bit_or(b.bit) AS months, min(coalesce(d.wage, 0)) AS least_wage
FROM declared_months AS d
INNER JOIN bits AS b ON b.month_no = d.month_no
WHERE d.person IS NOT NULL
GROUP BY d.person, d.firm, b.year_no
