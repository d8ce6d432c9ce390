-- Of working age, in no compulsory scheme and bound to join none, no pension, with a likely income: could join the
-- voluntary scheme. Law 41/2024/QH15 art. 2(4), 31(2), 36; Decree 159/2025/NĐ-CP art. 5.
--
-- in:  persons, insured, receiving, income, businesses, number_of, grid, islands (commune_code)
--      bound    pid: who must join the compulsory scheme by another finding
--      support  support_group, amount: the State's share of a month, VND
--      $first, $last, $least_age (years), $income_months: service pay as recent as this counts
WITH service AS (
    SELECT
        person, min(month_no) AS from_no, max(month_no) AS last_no, max(month_no) - min(month_no) + 1 AS spread,
        CAST(sum(pay) // nullif(count(pay), 0) AS BIGINT) AS pay, array_to_string(list_sort(list(load || '#' || CAST(row_id AS VARCHAR))), ' ') AS source
    FROM income
    WHERE service
    GROUP BY person
    HAVING max(month_no) > $last - $income_months
),
running AS (
    SELECT
        CAST(owner_pid AS BIGINT) AS person, min(tax_code) AS tax_code,
        greatest($first, min(coalesce(year(registered_on) * 12 + month(registered_on) - 1, $first))) AS from_no
    FROM businesses
    WHERE kind = 'household' AND status = 'active' AND closed_on IS NULL AND owner_pid IS NOT NULL
    GROUP BY owner_pid
),
likely AS (
    SELECT person, from_no, CAST(NULL AS VARCHAR) AS tax_code, 'service_pay' AS reason, pay, source FROM service
    UNION ALL
    SELECT b.person, b.from_no, b.tax_code, 'business_household' AS reason, CAST(NULL AS BIGINT) AS pay, CAST(NULL AS VARCHAR) AS source
    FROM running AS b
    LEFT JOIN service AS s ON s.person = b.person
    WHERE s.person IS NULL
),
last_in AS (
    SELECT person, max(to_no) AS to_no FROM insured GROUP BY person
)
SELECT
    pid_text(k.person) AS subject, p.commune_code AS area_code, pid_text(k.person) AS pid, si_text(n.si) AS si_code, CAST(NULL AS VARCHAR) AS employer_id, k.tax_code,
    CAST(greatest(k.from_no, coalesce(i.to_no, k.from_no)) AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no,
    CAST($last + 1 - greatest(k.from_no, coalesce(i.to_no, k.from_no)) AS BIGINT) AS months,
    CAST(round_div(g.poverty_line * g.rate_voluntary, 1000000) AS BIGINT) AS amount,
    k.reason, CAST(NULL AS BIGINT) AS limit_no,
    '{"least_contribution":' || CAST(CAST(round_div(g.poverty_line * g.rate_voluntary, 1000000) AS BIGINT) AS VARCHAR)
        || ',"support_group":"' || u.support_group || '","support":' || CAST(u.amount AS VARCHAR)
        || ',"pays":' || CAST(CAST(round_div(g.poverty_line * g.rate_voluntary, 1000000) - u.amount AS BIGINT) AS VARCHAR)
        || ',"pay":' || coalesce(CAST(k.pay AS VARCHAR), 'null')
        || ',"tax_income":"' || coalesce(k.source, '') || '","businesses":"' || CASE WHEN k.tax_code IS NULL THEN '' ELSE 'active' END
        || '"}' AS evidence
FROM likely AS k
INNER JOIN persons AS p ON p.person = k.person
INNER JOIN grid AS g ON g.month_no = $last AND g.region = 'I'
LEFT JOIN islands AS z ON z.commune_code = p.commune_code
INNER JOIN support AS u ON u.support_group = CASE
    WHEN p.poverty = 'poor' THEN 'poor' WHEN z.commune_code IS NOT NULL THEN 'island_or_special_zone'
    WHEN p.poverty = 'near_poor' THEN 'near_poor'
    WHEN p.ethnic = 'other' THEN 'ethnic_minority' ELSE 'other' END
LEFT JOIN last_in AS i ON i.person = k.person
LEFT JOIN (SELECT DISTINCT person FROM receiving WHERE to_no > $last) AS r ON r.person = k.person
LEFT JOIN (SELECT DISTINCT CAST(pid AS BIGINT) AS person FROM bound) AS x ON x.person = k.person
LEFT JOIN number_of AS n ON n.person = k.person
WHERE p.died_no IS NULL AND r.person IS NULL AND x.person IS NULL
    AND $last - p.birth_no >= $least_age * 12 AND p.retires_no > $last
    AND coalesce(i.to_no, 0) <= $last
