-- Within some years of retirement age, or past it, with years enough to be worth it and years missing to a pension.
-- Law 41/2024/QH15 arts. 33(7), 36(2)(e), 64, 98; Decree 159/2025/NĐ-CP art. 7.
--
-- in:  insured, persons, receiving, number_of, grid;  $last, $least_paid_months (120), $pension_months (180), $near_months (60)
WITH own AS (
    SELECT pid, from_no, to_no, max(to_no) OVER (
        PARTITION BY pid ORDER BY from_no, to_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before_no
    FROM insured
),
counted AS (
    -- A month in two schemes or at two employers counts once.
    SELECT pid, CAST(sum(greatest(to_no - greatest(from_no, coalesce(before_no, from_no)), 0)) AS BIGINT) AS paid, max(to_no) AS to_no
    FROM own
    GROUP BY pid
)
SELECT
    c.pid AS subject, p.commune_code AS area_code, c.pid, n.si_code, CAST(NULL AS VARCHAR) AS employer_id,
    CAST(NULL AS VARCHAR) AS tax_code,
    CAST($last AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no, CAST($pension_months - c.paid AS BIGINT) AS months,
    CAST(round_div(g.poverty_line * g.rate_voluntary, 1000000) AS BIGINT) AS amount,
    CASE
        WHEN c.to_no > $last AND c.paid + p.retires_no - $last >= $pension_months THEN 'will_be_enough'
        WHEN c.to_no > $last THEN 'still_insured'
        WHEN p.retires_no <= $last THEN 'past_age'
        ELSE 'stopped'
    END AS reason,
    CAST(p.retires_no AS BIGINT) AS limit_no,
    '{"months_paid":' || CAST(c.paid AS VARCHAR) || ',"months_missing":' || CAST($pension_months - c.paid AS VARCHAR)
        || ',"retirement_month":' || CAST(p.retires_no // 12 * 100 + p.retires_no % 12 + 1 AS VARCHAR) || '}' AS evidence
FROM counted AS c
INNER JOIN persons AS p ON p.pid = c.pid
INNER JOIN grid AS g ON g.month_no = $last AND g.region = 'I'
LEFT JOIN (SELECT DISTINCT pid FROM receiving WHERE benefit = 'pension') AS r ON r.pid = c.pid
LEFT JOIN number_of AS n ON n.pid = c.pid
WHERE p.died_no IS NULL AND r.pid IS NULL AND c.paid >= $least_paid_months AND c.paid < $pension_months
    AND p.retires_no <= $last + $near_months
