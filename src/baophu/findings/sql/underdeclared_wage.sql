-- The registered base, after floor and ceiling, is below a share of the median insurable pay of at least some months: a
-- question to the employer until it is confirmed. Law 41/2024/QH15 arts. 31(1), 39(1)(c)-(d); Decree 158/2025/NĐ-CP art. 7.
--
-- in:  declared_months, steadily_low, income, grid
--      $contract_months; $least_months; $silent_months; $unpaid_limit: days without pay from which a month tells nothing
WITH declared AS (
    SELECT
        d.pid, d.firm, d.si_code, d.employer_id, d.commune_code, d.month_no, d.row_no,
        least(greatest(d.wage, g.si_floor), g.si_ceiling) AS base,
        g.si_floor, g.si_ceiling, g.rate_si + g.rate_hi + g.rate_ui AS rate
    FROM declared_months AS d
    INNER JOIN steadily_low AS w ON w.pid = d.pid AND w.employer_id = d.employer_id
    INNER JOIN grid AS g ON g.month_no = d.month_no AND g.region = d.region
    WHERE d.group_code IN ('a', 'i', 'l') AND coalesce(d.unpaid_days, 0) < $unpaid_limit
),
paid AS (
    SELECT
        c.pid, c.firm, c.month_no, min(c.tax_code) AS tax_code, CAST(sum(c.pay) AS BIGINT) AS pay,
        array_to_string(list_sort(list(c.load || '#' || CAST(c.row_id AS VARCHAR))), ' ') AS sources
    FROM income AS c
    INNER JOIN (SELECT DISTINCT pid, firm FROM declared) AS w ON w.pid = c.pid AND w.firm = c.firm
    WHERE c.contract = 'labour' AND coalesce(c.contract_months, $contract_months) >= $contract_months AND c.pay IS NOT NULL
    GROUP BY c.pid, c.firm, c.month_no
),
ranked AS (
    SELECT
        *, pay * 10000 // base AS ratio,
        row_number() OVER (PARTITION BY pid, employer_id ORDER BY pay * 10000 // base, month_no) AS place,
        count(*) OVER (PARTITION BY pid, employer_id) AS told
    FROM (
        SELECT d.*, p.tax_code, p.sources, least(greatest(p.pay, d.si_floor), d.si_ceiling) AS pay
        FROM declared AS d
        INNER JOIN paid AS p ON p.pid = d.pid AND p.firm = d.firm AND p.month_no = d.month_no
    ) AS both_told
),
low AS (
    SELECT pid, employer_id, max(ratio) AS ratio FROM ranked WHERE place = (told + 1) // 2 GROUP BY pid, employer_id
),
cut AS (
    SELECT
        b.*, w.ratio AS median_ratio,
        CASE WHEN b.month_no - lag(b.month_no) OVER (PARTITION BY b.pid, b.employer_id ORDER BY b.month_no)
            <= 1 + $silent_months THEN 0 ELSE 1 END AS begins
    FROM ranked AS b
    INNER JOIN low AS w ON w.pid = b.pid AND w.employer_id = b.employer_id
),
stretches AS (
    SELECT *, sum(begins) OVER (PARTITION BY pid, employer_id ORDER BY month_no) AS stretch FROM cut
)
SELECT
    s.pid || '|' || s.employer_id AS subject, min(s.commune_code) AS area_code, s.pid, min(s.si_code) AS si_code,
    s.employer_id, min(s.tax_code) AS tax_code,
    min(s.month_no) AS from_no, max(s.month_no) + 1 AS to_no, CAST(count(*) AS BIGINT) AS months,
    CAST(round_div(CAST(sum(greatest(s.pay - s.base, 0) * s.rate) AS BIGINT), CAST(count(*) AS BIGINT) * 1000000) AS BIGINT) AS amount,
    CASE WHEN max(s.median_ratio) * 50 > 1000000 THEN 'base_below_half' ELSE 'base_below_pay' END AS reason,
    CAST(NULL AS BIGINT) AS limit_no,
    '{"base":' || CAST(min(s.base) AS VARCHAR) || ',"base_last":' || CAST(max(s.base) AS VARCHAR)
        || ',"pay":' || CAST(CAST(sum(s.pay) // count(*) AS BIGINT) AS VARCHAR)
        || ',"pay_over_base_median":' || CAST(max(s.median_ratio) AS VARCHAR)
        || ',"tax_income":"' || array_to_string(list_sort(list(s.sources)), ' ')
        || '","declarations":"' || array_to_string(list_sort(list(CAST(s.row_no AS VARCHAR))), ' ') || '"}' AS evidence
FROM stretches AS s
GROUP BY s.pid, s.employer_id, s.stretch
HAVING count(*) >= $least_months
