-- Months in which somebody was paid under a labour contract and does not take part at that firm, each with the reason
-- why he need not ('ok' where there is none): Law 41/2024/QH15 art. 2(1)(a), (l), 2(5), 2(7); Decree 158/2025/NĐ-CP art. 3.
--
-- in:  absent, insured, receiving, persons, firms, in_review, perhaps_declared
--      grid    month_no, region, lowest_base …: the law's figures (`law_tables.grid`)
--      yields  group_code, to_group: of two statuses the first gives way to the second
WITH taking_part AS (
    -- With the first month at this employer at all: a spell may be cut in two, the contract is not.
    SELECT i.person, i.firm, i.group_code, i.from_no, i.to_no, min(i.from_no) OVER (PARTITION BY i.person, i.employer_id) AS began_no
    FROM insured AS i
    INNER JOIN (SELECT DISTINCT person FROM absent) AS w ON w.person = i.person
    WHERE i.scheme = 'compulsory'
),
elsewhere AS (
    -- Where he takes part in another status that does not give way to a labour contract, that one counts: the groups to
    -- which a labour contract gives way always, others where they began first.
    SELECT DISTINCT a.person, a.firm, a.month_no
    FROM absent AS a
    INNER JOIN taking_part AS i ON i.person = a.person AND i.from_no <= a.month_no AND a.month_no < i.to_no
    LEFT JOIN yields AS over_it ON over_it.group_code = 'a' AND over_it.to_group = i.group_code
    LEFT JOIN yields AS under_it ON under_it.group_code = i.group_code AND under_it.to_group = 'a'
    WHERE over_it.to_group IS NOT NULL OR (under_it.to_group IS NULL AND i.began_no <= a.first_paid)
),
employer AS (
    SELECT
        firm, min(CASE WHEN certain THEN employer_id END) AS employer_id,
        min(CASE WHEN certain THEN commune_code END) AS commune_code, min(region) AS region, max(CAST(certain AS INTEGER)) AS certain
    FROM firms
    GROUP BY firm
)
SELECT
    a.person, a.firm, a.payer, a.month_no, a.pay, a.usual_pay, a.withheld, a.sources,
    coalesce(x.employer_id, e.employer_id) AS employer_id,
    coalesce(x.commune_code, e.commune_code) AS commune_code,
    coalesce(x.region, e.region) AS region,
    e.firm IS NOT NULL AND e.certain = 0 AS employer_in_doubt,
    CASE
        WHEN p.person IS NULL THEN 'no_resident'
        WHEN p.died_no < a.month_no THEN 'died'
        WHEN r.person IS NOT NULL THEN 'pensioner'
        WHEN o.person IS NOT NULL THEN 'insured_elsewhere'
        -- Paid once more in the month after he left: the pay of his last month.
        WHEN z.person IS NOT NULL AND coalesce(a.next_paid, 0) <> a.month_no + 1 THEN 'last_pay'
        -- He may be a participant by a link that somebody has yet to decide.
        WHEN q.person IS NOT NULL THEN 'link_in_review'
        WHEN d.person IS NOT NULL THEN 'perhaps_declared'
        WHEN a.usual_pay < g.lowest_base THEN 'below_lowest_base'
        ELSE 'ok'
    END AS status
FROM absent AS a
LEFT JOIN persons AS p ON p.person = a.person
LEFT JOIN (
    SELECT DISTINCT b.person, b.firm, b.month_no
    FROM absent AS b
    INNER JOIN receiving AS v
        ON v.person = b.person AND v.benefit IN ('pension', 'monthly_si') AND v.from_no <= b.month_no AND b.month_no < v.to_no
) AS r ON r.person = a.person AND r.firm = a.firm AND r.month_no = a.month_no
LEFT JOIN elsewhere AS o ON o.person = a.person AND o.firm = a.firm AND o.month_no = a.month_no
LEFT JOIN (SELECT DISTINCT person, firm, to_no FROM taking_part) AS z
    ON z.person = a.person AND z.firm = a.firm AND z.to_no = a.month_no
LEFT JOIN in_review AS q ON q.person = a.person
LEFT JOIN perhaps_declared AS d ON d.person = a.person AND d.firm = a.firm AND d.month_no = a.month_no
LEFT JOIN employer AS e ON e.firm = a.firm
LEFT JOIN (
    SELECT payer, min(employer_id) AS employer_id, min(commune_code) AS commune_code, min(region) AS region
    FROM firms WHERE certain GROUP BY payer
) AS x ON x.payer = a.payer
INNER JOIN grid AS g ON g.month_no = a.month_no AND g.region = 'I'
