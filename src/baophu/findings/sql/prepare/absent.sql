-- Months in which somebody was paid under a labour contract and takes part in no compulsory spell at that firm, with the
-- pay, where else he may have been paid, and the rows that tell of it. Law 41/2024/QH15 art. 2(1)(a), (l).
--
-- in:  income, paid_years, paid_twice, several, insured;  bits  month_no, year_no, bit
WITH doubtful AS (
    -- Nearly all take part wherever they are paid, in one spell from the first such month of a year to the last.
    SELECT p.person, p.firm, p.year_no, p.labour
    FROM paid_years AS p
    LEFT JOIN insured AS i
        ON i.person = p.person AND i.firm = p.firm AND i.scheme = 'compulsory'
        AND i.from_no <= p.first_no AND p.last_no < i.to_no
    WHERE p.labour > 0 AND i.person IS NULL
),
absent_months AS (
    SELECT c.person, c.firm, b.month_no
    FROM doubtful AS c
    INNER JOIN bits AS b ON b.year_no = c.year_no
    LEFT JOIN insured AS i
        ON i.person = c.person AND i.firm = c.firm AND i.scheme = 'compulsory'
        AND i.from_no <= b.month_no AND b.month_no < i.to_no
    WHERE c.labour & b.bit > 0 AND i.person IS NULL
),
-- All that follows is of these few: whoever takes part wherever he is paid is not looked at again.
absent_workers AS (SELECT DISTINCT person, firm FROM absent_months),
paid AS (
    SELECT c.person, c.firm, c.month_no, c.payer, c.pay, c.withheld, c.load || '#' || CAST(c.row_id AS VARCHAR) AS sources
    FROM income AS c
    INNER JOIN absent_workers AS w ON w.person = c.person AND w.firm = c.firm
    LEFT JOIN paid_twice AS t ON t.person = c.person AND t.firm = c.firm
    WHERE c.labour AND t.person IS NULL
    UNION ALL
    SELECT
        c.person, c.firm, c.month_no, min(c.payer) AS payer, CAST(sum(c.pay) AS BIGINT) AS pay,
        CAST(sum(c.withheld) AS BIGINT) AS withheld,
        array_to_string(list_sort(list(c.load || '#' || CAST(c.row_id AS VARCHAR))), ' ') AS sources
    FROM several AS c
    INNER JOIN absent_workers AS w ON w.person = c.person AND w.firm = c.firm
    WHERE c.labour
    GROUP BY c.person, c.firm, c.month_no
),
usual AS (
    -- A month without a figure is taken as the worker's other months there.
    SELECT
        person, firm, month_no, payer, pay, withheld, sources,
        coalesce(pay, CAST(sum(pay) OVER w // nullif(count(pay) OVER w, 0) AS BIGINT)) AS usual_pay,
        min(month_no) OVER w AS first_paid,
        lead(month_no) OVER (PARTITION BY person, firm ORDER BY month_no) AS next_paid
    FROM paid
    WINDOW w AS (PARTITION BY person, firm)
)
SELECT u.*
FROM usual AS u
INNER JOIN absent_months AS m ON m.person = u.person AND m.firm = u.firm AND m.month_no = u.month_no
