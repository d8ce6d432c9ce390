-- Stopped paying voluntary insurance not longer ago than some months, and is in no scheme since.
-- Law 41/2024/QH15 arts. 2(4), 36.
--
-- in:  insured, persons, receiving, number_of, bound, grid;  $last, $lapsed_months
WITH ended AS (
    SELECT person, min(si) AS si, max(to_no) AS to_no FROM insured WHERE scheme = 'voluntary' GROUP BY person
),
last_in AS (
    SELECT person, max(to_no) AS to_no FROM insured GROUP BY person
)
SELECT
    pid_text(e.person) AS subject, p.commune_code AS area_code, pid_text(e.person) AS pid, si_text(e.si) AS si_code, CAST(NULL AS VARCHAR) AS employer_id,
    CAST(NULL AS VARCHAR) AS tax_code,
    CAST(e.to_no AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no,
    CAST($last + 1 - e.to_no AS BIGINT) AS months,
    CAST(round_div(g.poverty_line * g.rate_voluntary, 1000000) AS BIGINT) AS amount,
    CASE WHEN e.to_no > $last - 6 THEN 'stopped_lately' ELSE 'stopped' END AS reason, CAST(NULL AS BIGINT) AS limit_no,
    '{"paid_until_month":' || CAST((e.to_no - 1) // 12 * 100 + (e.to_no - 1) % 12 + 1 AS VARCHAR) || ',"months_since":'
        || CAST($last + 1 - e.to_no AS VARCHAR) || '}' AS evidence
FROM ended AS e
INNER JOIN persons AS p ON p.person = e.person
INNER JOIN last_in AS i ON i.person = e.person AND i.to_no = e.to_no
INNER JOIN grid AS g ON g.month_no = $last AND g.region = 'I'
LEFT JOIN (SELECT DISTINCT person FROM receiving WHERE to_no > $last) AS r ON r.person = e.person
WHERE p.died_no IS NULL AND r.person IS NULL AND e.to_no <= $last AND e.to_no > $last - $lapsed_months
