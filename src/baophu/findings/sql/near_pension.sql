-- Within some years of retirement age, or past it, with years enough to be worth it and years missing to a pension.
-- Law 41/2024/QH15 arts. 33(7), 36(2)(e), 64, 98; Decree 159/2025/NĐ-CP art. 7.
--
-- in:  insured, persons, receiving, number_of, grid;  $last, $least_paid_months (120), $pension_months (180), $near_months (60)
WITH near AS (
    SELECT person, commune_code, retires_no FROM persons WHERE died_no IS NULL AND retires_no <= $last + $near_months
),
own AS (
    SELECT i.person, i.from_no, i.to_no, max(i.to_no) OVER (
        PARTITION BY i.person ORDER BY i.from_no, i.to_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before_no
    FROM insured AS i
    INNER JOIN near AS p ON p.person = i.person
),
counted AS (
    -- A month in two schemes or at two employers counts once.
    SELECT person, CAST(sum(greatest(to_no - greatest(from_no, coalesce(before_no, from_no)), 0)) AS BIGINT) AS paid, max(to_no) AS to_no
    FROM own
    GROUP BY person
)
SELECT
    pid_text(c.person) AS subject, p.commune_code AS area_code, pid_text(c.person) AS pid, si_text(n.si) AS si_code, CAST(NULL AS VARCHAR) AS employer_id,
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
INNER JOIN near AS p ON p.person = c.person
INNER JOIN grid AS g ON g.month_no = $last AND g.region = 'I'
LEFT JOIN (SELECT DISTINCT person FROM receiving WHERE benefit = 'pension') AS r ON r.person = c.person
LEFT JOIN number_of AS n ON n.person = c.person
WHERE r.person IS NULL AND c.paid >= $least_paid_months AND c.paid < $pension_months
