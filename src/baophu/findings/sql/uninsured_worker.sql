-- Paid under a contract that makes participation compulsory, in no compulsory spell that month at that firm.
-- Law 41/2024/QH15 arts. 2(1)(a), (l), 2(5), 28(1), 38(2), 39(1)(a).
--
-- in:  worker_months, grid, businesses, number_of (person, si)
--      $silent_months: months of which the tax register tells nothing do not break a stretch
WITH due AS (
    SELECT
        w.person, w.firm, w.payer, w.month_no, w.employer_id, w.employer_in_doubt, w.withheld, w.pay, w.sources,
        coalesce(w.commune_code, b.commune_code) AS area_code,
        round_div(
            least(greatest(coalesce(w.usual_pay, g.lowest_base), g.si_floor), g.si_ceiling) * g.rate_si
            + least(greatest(coalesce(w.usual_pay, g.lowest_base), g.si_floor), g.hi_ceiling) * g.rate_hi
            + least(coalesce(w.usual_pay, g.lowest_base), g.ui_ceiling) * g.rate_ui,
            1000000
        ) AS amount
    FROM worker_months AS w
    INNER JOIN grid AS g ON g.month_no = w.month_no AND g.region = coalesce(w.region, 'I')
    LEFT JOIN businesses AS b ON b.tax_code = tax_text(w.payer)
    WHERE w.status = 'ok'
),
cut AS (
    SELECT
        *,
        CASE WHEN month_no - lag(month_no) OVER (PARTITION BY person, firm ORDER BY month_no) <= 1 + $silent_months
            THEN 0 ELSE 1 END AS begins
    FROM due
),
stretches AS (
    SELECT *, sum(begins) OVER (PARTITION BY person, firm ORDER BY month_no) AS stretch FROM cut
)
SELECT
    pid_text(s.person) || '|' || tax_text(s.firm) AS subject,
    min(s.area_code) AS area_code, pid_text(s.person) AS pid, si_text(min(n.si)) AS si_code, min(s.employer_id) AS employer_id,
    tax_text(min(s.payer)) AS tax_code,
    min(s.month_no) AS from_no, max(s.month_no) + 1 AS to_no, CAST(count(*) AS BIGINT) AS months,
    CAST(round_div(CAST(sum(s.amount) AS BIGINT), count(*)) AS BIGINT) AS amount,
    CASE
        WHEN max(CAST(s.employer_in_doubt AS INTEGER)) = 1 THEN 'employer_in_doubt'
        WHEN max(coalesce(s.withheld, 0)) > 0 THEN 'insurance_withheld'
        WHEN min(s.employer_id) IS NULL THEN 'employer_not_registered'
        WHEN count(s.pay) = 0 THEN 'pay_unknown'
        ELSE 'not_declared'
    END AS reason,
    CAST(min(s.month_no) + $register_months AS BIGINT) AS limit_no,
    '{"tax_income":"' || array_to_string(list_sort(list(s.sources)), ' ')
        || '","pay":' || coalesce(CAST(CAST(sum(s.pay) // nullif(count(s.pay), 0) AS BIGINT) AS VARCHAR), 'null')
        || ',"paid_months":' || CAST(count(*) AS VARCHAR)
        || ',"spells":0}' AS evidence
FROM stretches AS s
LEFT JOIN number_of AS n ON n.person = s.person
GROUP BY s.person, s.firm, s.stretch
