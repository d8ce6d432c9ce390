-- Whom a firm paid in which months, a row a year: each month is a bit. What asks which months are missing begins here, and
-- looks at single months only of the few with whom something is.
--
-- in:  income;  bits  month_no, year_no, bit
SELECT
    c.person, c.firm, b.year_no,
    bit_or(b.bit) AS paid, CAST(count(*) AS BIGINT) AS paid_rows,
    -- Under a contract that makes participation compulsory.
    bit_or(CASE WHEN c.labour THEN b.bit ELSE 0 END) AS labour,
    min(CASE WHEN c.labour THEN c.month_no END) AS first_no, max(CASE WHEN c.labour THEN c.month_no END) AS last_no,
    max(CASE WHEN c.labour THEN c.pay END) AS most_pay,
    -- Insurance was withheld.
    bit_or(CASE WHEN c.withheld > 0 THEN b.bit ELSE 0 END) AS withheld
FROM income AS c
INNER JOIN bits AS b ON b.month_no = c.month_no
GROUP BY c.person, c.firm, b.year_no
