-- A living resident without health insurance up to the last month, with the group that he would join as. The first group
-- that fits counts, as in the law's order: paid by the State and the funds before the household.
-- Law on Health Insurance arts. 12-13; Decree 188/2025/NĐ-CP.
--
-- in:  persons, covered, insured, receiving, number_of, in_review
--      grid;  $first, $last, $student_from, $student_to: ages in years
WITH gaps AS (
    SELECT
        p.person, p.commune_code, p.birth_no, p.poverty, p.ethnic, c.si,
        greatest($first, p.birth_no, coalesce(c.to_no, $first)) AS from_no, c.to_no AS covered_no
    FROM persons AS p
    LEFT JOIN covered AS c ON c.person = p.person
    -- Who may be covered by a link that somebody has yet to decide is left out.
    LEFT JOIN in_review AS q ON q.person = p.person
    WHERE p.died_no IS NULL AND q.person IS NULL
),
grouped AS (
    SELECT
        g.*,
        CASE
            WHEN i.person IS NOT NULL THEN 'would_join_employee'
            WHEN r.person IS NOT NULL THEN 'would_join_pensioner'
            WHEN $last - g.birth_no < 72 THEN 'would_join_child'
            WHEN g.poverty = 'poor' THEN 'would_join_poor'
            WHEN g.poverty = 'near_poor' THEN 'would_join_near_poor'
            WHEN $last - g.birth_no BETWEEN $student_from * 12 AND $student_to * 12 - 1 THEN 'would_join_student'
            ELSE 'would_join_household'
        END AS reason
    FROM gaps AS g
    LEFT JOIN (
        SELECT DISTINCT person FROM insured WHERE scheme = 'compulsory' AND to_no > $last AND group_code NOT IN ('m', 'n')
    ) AS i ON i.person = g.person
    LEFT JOIN (SELECT DISTINCT person FROM receiving WHERE to_no > $last) AS r ON r.person = g.person
    WHERE g.from_no <= $last
)
SELECT
    pid_text(s.person) AS subject, s.commune_code AS area_code, pid_text(s.person) AS pid, si_text(coalesce(s.si, n.si)) AS si_code,
    CAST(NULL AS VARCHAR) AS employer_id, CAST(NULL AS VARCHAR) AS tax_code,
    CAST(s.from_no AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no, CAST($last + 1 - s.from_no AS BIGINT) AS months,
    CAST(round_div(g.reference_level * g.rate_hi_total, 1000000) AS BIGINT) AS amount,
    s.reason, CAST(NULL AS BIGINT) AS limit_no,
    '{"covered_until_month":' || coalesce(CAST((s.covered_no - 1) // 12 * 100 + (s.covered_no - 1) % 12 + 1 AS VARCHAR), 'null')
        || ',"age_months":' || CAST($last - s.birth_no AS VARCHAR) || '}' AS evidence
FROM grouped AS s
INNER JOIN grid AS g ON g.month_no = $last AND g.region = 'I'
LEFT JOIN number_of AS n ON n.person = s.person
