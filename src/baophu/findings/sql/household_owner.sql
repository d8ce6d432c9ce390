-- The owner of a registered business household who must take part and does not, up to the last month.
-- Law 41/2024/QH15 art. 2(1)(m), 2(5), 2(7); Decree 158/2025/NĐ-CP art. 3(2).
--
-- in:  businesses, persons, insured, receiving, number_of, firms, grid
--      starts  tax_method, from_no: the first month in which owners of that method are compulsory
--      $first, $last
WITH owners AS (
    SELECT
        CAST(b.owner_pid AS BIGINT) AS person, b.tax_code, b._row AS row_no, b.tax_method,
        -- The first whole month of business.
        greatest(
            $first, s.from_no, coalesce(year(b.registered_on) * 12 + month(b.registered_on), $first)
        ) AS from_no,
        row_number() OVER (PARTITION BY b.owner_pid ORDER BY coalesce(b.registered_on, CAST('1900-01-01' AS DATE)), b.tax_code) AS place
    FROM businesses AS b
    INNER JOIN starts AS s ON s.tax_method = coalesce(b.tax_method, 'other')
    WHERE b.kind = 'household' AND b.status = 'active' AND b.closed_on IS NULL AND b.owner_pid IS NOT NULL
        AND s.from_no <= $last
),
-- Any other compulsory group goes before this one.
last_insured AS (
    SELECT person, max(to_no) AS to_no FROM insured WHERE scheme = 'compulsory' GROUP BY person
),
outside AS (
    SELECT DISTINCT person FROM receiving WHERE from_no <= $last AND $last < to_no
),
standing AS (
    SELECT
        o.person, o.tax_code, o.row_no, o.tax_method, p.commune_code, p.retires_no,
        greatest(o.from_no, coalesce(i.to_no, o.from_no), p.birth_no + 18 * 12) AS from_no
    FROM owners AS o
    INNER JOIN persons AS p ON p.person = o.person
    LEFT JOIN last_insured AS i ON i.person = o.person
    LEFT JOIN outside AS x ON x.person = o.person
    WHERE o.place = 1 AND x.person IS NULL AND p.died_no IS NULL
        -- Past retirement age he is outside (art. 2(7)(c)).
        AND (p.retires_no IS NULL OR p.retires_no > $last)
)
SELECT
    pid_text(s.person) AS subject, s.commune_code AS area_code, pid_text(s.person) AS pid, si_text(n.si) AS si_code, f.employer_id, s.tax_code,
    CAST(s.from_no AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no, CAST($last + 1 - s.from_no AS BIGINT) AS months,
    CAST(round_div(g.lowest_base * g.rate_owner, 1000000) AS BIGINT) AS amount,
    CASE WHEN f.employer_id IS NULL THEN 'owner_not_in' ELSE 'owner_and_employer' END AS reason,
    CAST(s.from_no + $register_months AS BIGINT) AS limit_no,
    '{"businesses":' || CAST(s.row_no AS VARCHAR) || ',"tax_method":"' || coalesce(s.tax_method, '') || '","lowest_base":'
        || CAST(g.lowest_base AS VARCHAR) || ',"spells":0}' AS evidence
FROM standing AS s
INNER JOIN grid AS g ON g.month_no = $last AND g.region = 'I'
LEFT JOIN number_of AS n ON n.person = s.person
LEFT JOIN (SELECT tax_code, min(employer_id) AS employer_id FROM firms WHERE certain GROUP BY tax_code) AS f ON f.tax_code = s.tax_code
WHERE s.from_no <= $last
