-- Workers of an employer whose registered base lies, in the median month, below a share of their insurable pay. Of pay over
-- base in ten thousandths (bases and pay both move from year to year) the median is high where more months are high than
-- the half: to see that, nothing needs to be put in order.
--
-- in:  declared_months, declared_years, declarers, income, paid_years, paid_twice, several, grid
--      $tolerance: 85 of 100; $least_months; $unpaid_limit: days without pay from which a month tells nothing
WITH perhaps AS (
    -- Nobody else: floor and ceiling bring pay and base nearer to each other, and most are not paid so much in any month.
    SELECT p.person, p.firm
    FROM paid_years AS p
    INNER JOIN declared_years AS d ON d.person = p.person AND d.firm = p.firm AND d.year_no = p.year_no
    WHERE p.most_pay * $tolerance > d.least_wage * 100
    UNION
    SELECT person, firm FROM paid_twice
),
paid AS (
    SELECT c.person, c.firm, c.month_no, c.pay
    FROM income AS c
    INNER JOIN perhaps AS q ON q.person = c.person AND q.firm = c.firm
    LEFT JOIN paid_twice AS t ON t.person = c.person AND t.firm = c.firm
    WHERE c.labour AND c.pay IS NOT NULL AND t.person IS NULL
    UNION ALL
    SELECT person, firm, month_no, CAST(sum(pay) AS BIGINT) AS pay
    FROM several
    WHERE labour AND pay IS NOT NULL
    GROUP BY person, firm, month_no
),
told AS (
    SELECT
        d.person, d.employer_no,
        least(greatest(p.pay, g.si_floor), g.si_ceiling) * 10000 // least(greatest(d.wage, g.si_floor), g.si_ceiling) AS ratio
    FROM declared_months AS d
    INNER JOIN declarers AS f ON f.employer_no = d.employer_no
    INNER JOIN grid AS g ON g.month_no = d.month_no AND g.region = f.region
    INNER JOIN paid AS p ON p.person = d.person AND p.firm = d.firm AND p.month_no = d.month_no
    WHERE d.group_code IN ('a', 'i', 'l') AND coalesce(d.unpaid_days, 0) < $unpaid_limit
)
SELECT person, employer_no
FROM told
GROUP BY person, employer_no
HAVING count(*) >= $least_months
    -- base < tolerance x pay
    AND count(*) - sum(CASE WHEN ratio * $tolerance > 1000000 THEN 1 ELSE 0 END) < (count(*) + 1) // 2
