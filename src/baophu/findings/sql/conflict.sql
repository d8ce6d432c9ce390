-- Two registers contradict each other: dead and still insured, one number that two people carry, one person with two.
-- What is wrong goes back to the register that is wrong.
--
-- in:  insured, persons, number_of, participants, links, firms;  $first, $last
WITH dead AS (
    SELECT
        i.pid || '|' || i.si_code || '|' || coalesce(i.employer_id, '') AS subject, p.commune_code AS area_code, i.pid, i.si_code, i.employer_id,
        min(f.tax_code) AS tax_code,
        min(greatest(i.from_no, p.died_no + 1, $first)) AS from_no, max(least(i.to_no, $last + 1)) AS to_no,
        'dead_but_paying' AS reason,
        '{"died":' || CAST(max(p.died_no // 12 * 100 + p.died_no % 12 + 1) AS VARCHAR) || '}' AS evidence
    FROM insured AS i
    INNER JOIN persons AS p ON p.pid = i.pid
    LEFT JOIN firms AS f ON f.employer_id = i.employer_id
    WHERE i.to_no > p.died_no + 1 AND i.to_no > $first
    GROUP BY i.pid, i.si_code, i.employer_id, p.commune_code
),
placed AS (
    SELECT
        a.si_code, a.pid, a.commune_code, a._row, max(CASE WHEN l.pid = a.pid THEN 1 ELSE 0 END) AS perhaps_own,
        max(CASE WHEN l.pid = a.pid AND l.status = 'accepted' THEN 1 ELSE 0 END) AS own,
        max(CASE WHEN l.pid <> a.pid AND l.status = 'accepted' THEN 1 ELSE 0 END) AS another
    FROM participants AS a
    LEFT JOIN links AS l ON l.si_code = a.si_code
    WHERE a.pid IS NOT NULL
    GROUP BY a.si_code, a.pid, a.commune_code, a._row
),
carried AS (
    SELECT pid, count(*) AS carriers, sum(own) AS owners FROM placed GROUP BY pid HAVING count(*) > 1
),
borrowed AS (
    -- One of two participants with the number on file is somebody else; or is not even perhaps its owner, while the other is.
    SELECT
        a.si_code AS subject, a.commune_code AS area_code, a.pid, a.si_code, CAST(NULL AS VARCHAR) AS employer_id,
        CAST(NULL AS VARCHAR) AS tax_code, CAST($first AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no,
        'two_people_one_number' AS reason,
        '{"participants":' || CAST(a._row AS VARCHAR) || ',"carriers":' || CAST(o.carriers AS VARCHAR) || '}' AS evidence
    FROM placed AS a
    INNER JOIN persons AS p ON p.pid = a.pid
    INNER JOIN carried AS o ON o.pid = a.pid
    WHERE a.another = 1 OR (a.perhaps_own = 0 AND o.owners > 0)
),
twice AS (
    SELECT
        n.pid AS subject, p.commune_code AS area_code, n.pid, n.last_si_code AS si_code, CAST(NULL AS VARCHAR) AS employer_id,
        CAST(NULL AS VARCHAR) AS tax_code, CAST($first AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no,
        'one_person_two_numbers' AS reason, '{"numbers":' || CAST(n.numbers AS VARCHAR) || '}' AS evidence
    FROM number_of AS n
    INNER JOIN persons AS p ON p.pid = n.pid
    WHERE n.numbers > 1
),
together AS (
    SELECT * FROM dead UNION ALL SELECT * FROM borrowed UNION ALL SELECT * FROM twice
)
SELECT
    reason || '|' || subject AS subject, area_code, pid, si_code, employer_id, tax_code,
    CAST(from_no AS BIGINT) AS from_no, CAST(to_no AS BIGINT) AS to_no, CAST(to_no - from_no AS BIGINT) AS months,
    CAST(0 AS BIGINT) AS amount, reason, CAST(NULL AS BIGINT) AS limit_no, evidence
FROM together
