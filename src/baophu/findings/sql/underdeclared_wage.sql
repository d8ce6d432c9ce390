-- The registered base, after floor and ceiling, is below a share of the median insurable pay of at least some months: a
-- question to the employer until it is confirmed. Law 41/2024/QH15 arts. 31(1), 39(1)(c)-(d); Decree 158/2025/NĐ-CP art. 7.
--
-- in:  declared_months, declarers, steadily_low, income, paid_twice, several, grid
--      $least_months; $silent_months; $unpaid_limit: days without pay from which a month tells nothing
WITH declared AS (
    SELECT
        d.person, d.firm, d.si, d.employer_no, f.employer_id, f.commune_code, d.month_no, d.row_no,
        least(greatest(d.wage, g.si_floor), g.si_ceiling) AS base,
        g.si_floor, g.si_ceiling, g.rate_si + g.rate_hi + g.rate_ui AS rate
    FROM declared_months AS d
    INNER JOIN steadily_low AS w ON w.person = d.person AND w.employer_no = d.employer_no
    INNER JOIN declarers AS f ON f.employer_no = d.employer_no
    INNER JOIN grid AS g ON g.month_no = d.month_no AND g.region = f.region
    WHERE d.group_code IN ('a', 'i', 'l') AND coalesce(d.unpaid_days, 0) < $unpaid_limit
),
told AS (SELECT DISTINCT person, firm FROM declared),
paid AS (
    SELECT c.person, c.firm, c.month_no, c.payer, c.pay, c.load || '#' || CAST(c.row_id AS VARCHAR) AS sources
    FROM income AS c
    INNER JOIN told AS w ON w.person = c.person AND w.firm = c.firm
    LEFT JOIN paid_twice AS t ON t.person = c.person AND t.firm = c.firm
    WHERE c.labour AND c.pay IS NOT NULL AND t.person IS NULL
    UNION ALL
    SELECT
        c.person, c.firm, c.month_no, min(c.payer) AS payer, CAST(sum(c.pay) AS BIGINT) AS pay,
        array_to_string(list_sort(list(c.load || '#' || CAST(c.row_id AS VARCHAR))), ' ') AS sources
    FROM several AS c
    INNER JOIN told AS w ON w.person = c.person AND w.firm = c.firm
    WHERE c.labour AND c.pay IS NOT NULL
    GROUP BY c.person, c.firm, c.month_no
),
ranked AS (
    SELECT
        *, pay * 10000 // base AS ratio,
        row_number() OVER (PARTITION BY person, employer_no ORDER BY pay * 10000 // base, month_no) AS place,
        count(*) OVER (PARTITION BY person, employer_no) AS told
    FROM (
        SELECT d.*, p.payer, p.sources, least(greatest(p.pay, d.si_floor), d.si_ceiling) AS pay
        FROM declared AS d
        INNER JOIN paid AS p ON p.person = d.person AND p.firm = d.firm AND p.month_no = d.month_no
    ) AS both_told
),
low AS (
    SELECT person, employer_no, max(ratio) AS ratio FROM ranked WHERE place = (told + 1) // 2 GROUP BY person, employer_no
),
cut AS (
    SELECT
        b.*, w.ratio AS median_ratio,
        CASE WHEN b.month_no - lag(b.month_no) OVER (PARTITION BY b.person, b.employer_no ORDER BY b.month_no)
            <= 1 + $silent_months THEN 0 ELSE 1 END AS begins
    FROM ranked AS b
    INNER JOIN low AS w ON w.person = b.person AND w.employer_no = b.employer_no
),
stretches AS (
    SELECT *, sum(begins) OVER (PARTITION BY person, employer_no ORDER BY month_no) AS stretch FROM cut
)
SELECT
    pid_text(s.person) || '|' || min(s.employer_id) AS subject, min(s.commune_code) AS area_code, pid_text(s.person) AS pid,
    si_text(min(s.si)) AS si_code, min(s.employer_id) AS employer_id, tax_text(min(s.payer)) AS tax_code,
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
GROUP BY s.person, s.employer_no, s.stretch
HAVING count(*) >= $least_months
