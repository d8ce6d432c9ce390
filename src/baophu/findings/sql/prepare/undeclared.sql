-- Months of pay from which insurance was withheld and that no participant linked to the worker was declared for at that
-- firm. They are few; what asks for such months begins here, and not at all of the country's pay.
--
-- in:  income, declared_months
SELECT c.pid, c.firm, c.month_no, CAST(sum(c.withheld) AS BIGINT) AS withheld
FROM income AS c
WHERE c.withheld > 0 AND NOT EXISTS (
    SELECT 1 FROM declared_months AS d WHERE d.pid = c.pid AND d.firm = c.firm AND d.month_no = c.month_no
)
GROUP BY c.pid, c.firm, c.month_no
