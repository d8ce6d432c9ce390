-- Months of pay from which insurance was withheld and that no participant linked to the worker was declared for at that
-- firm. They are few; what asks for such months begins here, and not at all of the country's pay.
--
-- in:  income, paid_years, declared_years;  bits  month_no, year_no, bit
WITH missing AS (
    SELECT p.person, p.firm, b.month_no
    FROM paid_years AS p
    LEFT JOIN declared_years AS d ON d.person = p.person AND d.firm = p.firm AND d.year_no = p.year_no
    INNER JOIN bits AS b ON b.year_no = p.year_no
    WHERE p.withheld & coalesce(d.months, 0) <> p.withheld
        AND p.withheld & b.bit > 0 AND coalesce(d.months, 0) & b.bit = 0
)
SELECT c.person, c.firm, c.month_no, CAST(sum(c.withheld) AS BIGINT) AS withheld
FROM income AS c
INNER JOIN missing AS m ON m.person = c.person AND m.firm = c.firm AND m.month_no = c.month_no
WHERE c.withheld > 0
GROUP BY c.person, c.firm, c.month_no
