-- The months that open findings are about, each with the wage that should have been the base and, where one was
-- registered, the wage that was: what a charge on them would rest on. A row a finding and month; wages VND a month, before
-- floor and ceiling. Law 41/2024/QH15 arts. 28(1), 31(1), 38(2)-(3), 39(1)(a)-(d).
--
-- Workers of a payer that is no employer are here by their own findings, under the payer's tax code.
--
-- in:  findings, worker_months, insured, declared_months, declarers, income, employers, grid
--      $unpaid_limit: days without pay from which a month tells nothing
WITH open_findings AS (
    SELECT
        finding_id, kind, CAST(pid AS BIGINT) AS person, employer_id, head_of(tax_number(tax_code)) AS firm,
        CAST(year(from_month) * 12 + month(from_month) - 1 AS BIGINT) AS from_no,
        CAST(year(to_month) * 12 + month(to_month) - 1 AS BIGINT) AS to_no
    FROM findings
    WHERE status = 'open' AND kind IN ('uninsured_worker', 'underdeclared_wage')
),
joined_later AS (
    -- The first month in which he takes part at that firm after all.
    SELECT f.finding_id, min(i.from_no) AS registered_no
    FROM open_findings AS f
    INNER JOIN insured AS i
        ON i.person = f.person AND i.firm = f.firm AND i.scheme = 'compulsory' AND i.from_no >= f.to_no
    WHERE f.kind = 'uninsured_worker'
    GROUP BY f.finding_id
),
not_registered AS (
    SELECT
        f.finding_id, f.kind, w.employer_id, w.payer, w.month_no, 'a' AS group_code, coalesce(w.region, 'I') AS region,
        CAST(NULL AS BIGINT) AS registered_wage, coalesce(w.usual_pay, g.lowest_base) AS lawful_wage,
        f.from_no AS liable_no, j.registered_no
    FROM open_findings AS f
    INNER JOIN worker_months AS w
        ON w.person = f.person AND w.firm = f.firm AND f.from_no <= w.month_no AND w.month_no < f.to_no
    INNER JOIN grid AS g ON g.month_no = w.month_no AND g.region = coalesce(w.region, 'I')
    LEFT JOIN joined_later AS j ON j.finding_id = f.finding_id
    WHERE f.kind = 'uninsured_worker' AND w.status = 'ok'
),
paid AS (
    SELECT f.finding_id, i.month_no, min(i.payer) AS payer, CAST(sum(i.pay) AS BIGINT) AS pay
    FROM open_findings AS f
    INNER JOIN income AS i
        ON i.person = f.person AND i.firm = f.firm AND f.from_no <= i.month_no AND i.month_no < f.to_no
    WHERE f.kind = 'underdeclared_wage'
        AND i.labour AND i.pay IS NOT NULL
    GROUP BY f.finding_id, i.month_no
),
declared AS (
    -- Declared under two numbers of his, he has one base: what was declared in all.
    SELECT
        f.finding_id, f.kind, f.employer_id, e.region, d.month_no, min(d.group_code) AS group_code,
        CAST(sum(d.wage) AS BIGINT) AS wage
    FROM open_findings AS f
    INNER JOIN declarers AS e ON e.employer_id = f.employer_id
    INNER JOIN declared_months AS d ON d.person = f.person AND d.employer_no = e.employer_no
    WHERE f.kind = 'underdeclared_wage'
        AND d.group_code IN ('a', 'i', 'l') AND coalesce(d.unpaid_days, 0) < $unpaid_limit
    GROUP BY f.finding_id, f.kind, f.employer_id, e.region, d.month_no
),
base_too_low AS (
    SELECT
        d.finding_id, d.kind, d.employer_id, p.payer, d.month_no, d.group_code, d.region,
        d.wage AS registered_wage, p.pay AS lawful_wage,
        CAST(NULL AS BIGINT) AS liable_no, CAST(NULL AS BIGINT) AS registered_no
    FROM declared AS d
    INNER JOIN paid AS p ON p.finding_id = d.finding_id AND p.month_no = d.month_no
    WHERE p.pay > d.wage
),
every AS (
    SELECT * FROM not_registered
    UNION ALL
    SELECT * FROM base_too_low
)
SELECT
    m.finding_id, m.kind, m.employer_id, tax_text(m.payer) AS tax_code,
    make_date(CAST(m.month_no // 12 AS INTEGER), CAST(m.month_no % 12 + 1 AS INTEGER), 1) AS month,
    m.group_code, m.region, coalesce(e.pay_method, 'monthly') AS pay_method, m.registered_wage, m.lawful_wage,
    make_date(CAST(m.liable_no // 12 AS INTEGER), CAST(m.liable_no % 12 + 1 AS INTEGER), 1) AS liable_month,
    make_date(CAST(m.registered_no // 12 AS INTEGER), CAST(m.registered_no % 12 + 1 AS INTEGER), 1) AS registered_month
FROM every AS m
LEFT JOIN employers AS e ON e.employer_id = m.employer_id
