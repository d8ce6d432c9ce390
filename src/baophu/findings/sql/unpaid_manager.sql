-- The manager of an enterprise or cooperative, without salary, who must take part and does not, up to the last month. Of
-- several firms the first managed counts. Law 41/2024/QH15 art. 2(1)(n), 2(5), 2(7).
--
-- in:  managers, businesses, persons, insured, receiving, number_of, firms, grid;  $first, $last, $managers_from
WITH managing AS (
    SELECT
        CAST(m.pid AS BIGINT) AS person, m.tax_code, m._row AS row_no, b.commune_code AS seat,
        greatest(
            $first, $managers_from, year(m.from_date) * 12 + month(m.from_date) - 1,
            coalesce(year(b.registered_on) * 12 + month(b.registered_on) - 1, $first)
        ) AS from_no,
        row_number() OVER (PARTITION BY m.pid ORDER BY m.from_date, m.tax_code) AS place
    FROM managers AS m
    INNER JOIN businesses AS b ON b.tax_code = m.tax_code
    WHERE NOT m.paid AND (m.to_date IS NULL OR year(m.to_date) * 12 + month(m.to_date) - 1 > $last)
        AND b.kind IN ('enterprise', 'cooperative') AND b.status = 'active' AND b.closed_on IS NULL
),
last_insured AS (
    SELECT person, max(to_no) AS to_no FROM insured WHERE scheme = 'compulsory' GROUP BY person
),
outside AS (
    SELECT DISTINCT person FROM receiving WHERE from_no <= $last AND $last < to_no
),
standing AS (
    SELECT
        m.person, m.tax_code, m.row_no, p.commune_code,
        greatest(m.from_no, coalesce(i.to_no, m.from_no)) AS from_no
    FROM managing AS m
    INNER JOIN persons AS p ON p.person = m.person
    LEFT JOIN last_insured AS i ON i.person = m.person
    LEFT JOIN outside AS x ON x.person = m.person
    WHERE m.place = 1 AND x.person IS NULL AND p.died_no IS NULL AND (p.retires_no IS NULL OR p.retires_no > $last)
)
SELECT
    pid_text(s.person) AS subject, s.commune_code AS area_code, pid_text(s.person) AS pid, si_text(n.si) AS si_code, f.employer_id, s.tax_code,
    CAST(s.from_no AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no, CAST($last + 1 - s.from_no AS BIGINT) AS months,
    CAST(round_div(g.lowest_base * g.rate_owner, 1000000) AS BIGINT) AS amount,
    'manager_not_in' AS reason,
    CAST(s.from_no + $register_months AS BIGINT) AS limit_no,
    '{"managers":' || CAST(s.row_no AS VARCHAR) || ',"lowest_base":' || CAST(g.lowest_base AS VARCHAR) || ',"spells":0}' AS evidence
FROM standing AS s
INNER JOIN grid AS g ON g.month_no = $last AND g.region = 'I'
LEFT JOIN number_of AS n ON n.person = s.person
LEFT JOIN (SELECT tax_code, min(employer_id) AS employer_id FROM firms WHERE certain GROUP BY tax_code) AS f ON f.tax_code = s.tax_code
WHERE s.from_no <= $last
