-- Pays wages under labour contracts to people who must take part, and is no employer in the insurance register.
-- Law 41/2024/QH15 arts. 2(3), 28(1).
--
-- in:  worker_months, businesses, firms, grid;  $silent_months
WITH due AS (
    SELECT
        w.firm, w.month_no, w.person, w.payer, w.sources,
        round_div(
            least(greatest(coalesce(w.usual_pay, g.lowest_base), g.si_floor), g.si_ceiling) * g.rate_si
            + least(greatest(coalesce(w.usual_pay, g.lowest_base), g.si_floor), g.hi_ceiling) * g.rate_hi
            + least(coalesce(w.usual_pay, g.lowest_base), g.ui_ceiling) * g.rate_ui,
            1000000
        ) AS amount
    FROM worker_months AS w
    INNER JOIN grid AS g ON g.month_no = w.month_no AND g.region = 'I'
    -- A firm that may be an employer by a link in doubt is left to whoever decides the link.
    LEFT JOIN (SELECT DISTINCT firm FROM firms) AS f ON f.firm = w.firm
    WHERE w.status = 'ok' AND f.firm IS NULL
),
by_month AS (
    SELECT
        firm, month_no, min(payer) AS payer, count(DISTINCT person) AS workers, CAST(sum(amount) AS BIGINT) AS amount,
        array_to_string(list_sort(list(sources)), ' ') AS sources
    FROM due
    GROUP BY firm, month_no
),
cut AS (
    SELECT
        *,
        CASE WHEN month_no - lag(month_no) OVER (PARTITION BY firm ORDER BY month_no) <= 1 + $silent_months
            THEN 0 ELSE 1 END AS begins
    FROM by_month
),
stretches AS (
    SELECT *, sum(begins) OVER (PARTITION BY firm ORDER BY month_no) AS stretch FROM cut
),
newest AS (
    SELECT firm, stretch, max(month_no) AS month_no FROM stretches GROUP BY firm, stretch
)
SELECT
    tax_text(s.firm) AS subject, min(b.commune_code) AS area_code,
    CAST(NULL AS VARCHAR) AS pid, CAST(NULL AS VARCHAR) AS si_code, CAST(NULL AS VARCHAR) AS employer_id,
    tax_text(min(s.payer)) AS tax_code,
    min(s.month_no) AS from_no, max(s.month_no) + 1 AS to_no, CAST(count(*) AS BIGINT) AS months,
    CAST(round_div(CAST(sum(s.amount) AS BIGINT), count(*)) AS BIGINT) AS amount,
    CASE
        WHEN min(b.tax_code) IS NULL THEN 'business_unknown'
        WHEN max(CASE WHEN b.kind = 'household' THEN 1 ELSE 0 END) = 1 THEN 'household_pays_wages'
        ELSE 'firm_pays_wages'
    END AS reason,
    CAST(min(s.month_no) + $register_months AS BIGINT) AS limit_no,
    -- The rows of all workers in the newest month.
    '{"workers":' || CAST(max(s.workers) AS VARCHAR)
        || ',"tax_income":"' || max(CASE WHEN s.month_no = n.month_no THEN s.sources ELSE '' END) || '","employers":0}' AS evidence
FROM stretches AS s
INNER JOIN newest AS n ON n.firm = s.firm AND n.stretch = s.stretch
LEFT JOIN businesses AS b ON b.tax_code = tax_text(s.payer)
GROUP BY s.firm, s.stretch
