-- Workers of an employer whose registered base lies, in the median month, below a share of their insurable pay. Of pay over
-- base in ten thousandths (bases and pay both move from year to year) the median is high where more months are high than
-- the half: to see that, nothing needs to be put in order.
--
-- in:  declared_months, income, grid
--      $contract_months; $tolerance: 85 of 100; $least_months; $unpaid_limit: days without pay from which a month tells
--      nothing
WITH paid AS (
    SELECT pid, firm, month_no, CAST(sum(pay) AS BIGINT) AS pay
    FROM income
    WHERE contract = 'labour' AND coalesce(contract_months, $contract_months) >= $contract_months AND pay IS NOT NULL
    GROUP BY pid, firm, month_no
),
told AS (
    SELECT
        d.pid, d.employer_id,
        least(greatest(p.pay, g.si_floor), g.si_ceiling) * 10000 // least(greatest(d.wage, g.si_floor), g.si_ceiling) AS ratio
    FROM declared_months AS d
    INNER JOIN grid AS g ON g.month_no = d.month_no AND g.region = d.region
    INNER JOIN paid AS p ON p.pid = d.pid AND p.firm = d.firm AND p.month_no = d.month_no
    WHERE d.group_code IN ('a', 'i', 'l') AND coalesce(d.unpaid_days, 0) < $unpaid_limit
)
SELECT pid, employer_id
FROM told
GROUP BY pid, employer_id
HAVING count(*) >= $least_months
    -- base < tolerance x pay
    AND count(*) - sum(CASE WHEN ratio * $tolerance > 1000000 THEN 1 ELSE 0 END) < (count(*) + 1) // 2
