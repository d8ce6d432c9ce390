-- Two registers contradict each other: dead and still insured, one number that two people carry, one person with two.
-- What is wrong goes back to the register that is wrong.
--
-- in:  insured, persons, number_of, participants, links, firms;  $first, $last
WITH dead AS (
    SELECT
        pid_text(i.person) || '|' || si_text(i.si) || '|' || coalesce(i.employer_id, '') AS subject, p.commune_code AS area_code,
        i.person, i.si, i.employer_id, min(f.tax_code) AS tax_code,
        min(greatest(i.from_no, p.died_no + 1, $first)) AS from_no, max(least(i.to_no, $last + 1)) AS to_no,
        'dead_but_paying' AS reason,
        '{"died":' || CAST(max(p.died_no // 12 * 100 + p.died_no % 12 + 1) AS VARCHAR) || '}' AS evidence
    FROM insured AS i
    INNER JOIN persons AS p ON p.person = i.person
    LEFT JOIN firms AS f ON f.employer_id = i.employer_id
    WHERE i.to_no > p.died_no + 1 AND i.to_no > $first
    GROUP BY i.person, i.si, i.employer_id, p.commune_code
),
numbered AS (
    SELECT CAST(si_code AS BIGINT) AS si, CAST(pid AS BIGINT) AS person, commune_code, _row FROM participants WHERE pid IS NOT NULL
),
-- Most numbers stand with one participant, and are not looked at again.
told_twice AS (SELECT person FROM numbered GROUP BY person HAVING count(*) > 1),
placed AS (
    SELECT
        a.si, a.person, a.commune_code, a._row, max(CASE WHEN l.person = a.person THEN 1 ELSE 0 END) AS perhaps_own,
        max(CASE WHEN l.person = a.person AND l.status = 'accepted' THEN 1 ELSE 0 END) AS own,
        max(CASE WHEN l.person <> a.person AND l.status = 'accepted' THEN 1 ELSE 0 END) AS another
    FROM numbered AS a
    INNER JOIN told_twice AS t ON t.person = a.person
    LEFT JOIN (SELECT CAST(si_code AS BIGINT) AS si, CAST(pid AS BIGINT) AS person, status FROM links) AS l ON l.si = a.si
    GROUP BY a.si, a.person, a.commune_code, a._row
),
carried AS (
    SELECT person, count(*) AS carriers, sum(own) AS owners FROM placed GROUP BY person
),
borrowed AS (
    -- One of two participants with the number on file is somebody else; or is not even perhaps its owner, while the other is.
    SELECT
        si_text(a.si) AS subject, a.commune_code AS area_code, a.person, a.si, CAST(NULL AS VARCHAR) AS employer_id,
        CAST(NULL AS VARCHAR) AS tax_code, CAST($first AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no,
        'two_people_one_number' AS reason,
        '{"participants":' || CAST(a._row AS VARCHAR) || ',"carriers":' || CAST(o.carriers AS VARCHAR) || '}' AS evidence
    FROM placed AS a
    INNER JOIN persons AS p ON p.person = a.person
    INNER JOIN carried AS o ON o.person = a.person
    WHERE a.another = 1 OR (a.perhaps_own = 0 AND o.owners > 0)
),
twice AS (
    SELECT
        pid_text(n.person) AS subject, p.commune_code AS area_code, n.person, n.last_si AS si, CAST(NULL AS VARCHAR) AS employer_id,
        CAST(NULL AS VARCHAR) AS tax_code, CAST($first AS BIGINT) AS from_no, CAST($last + 1 AS BIGINT) AS to_no,
        'one_person_two_numbers' AS reason, '{"numbers":' || CAST(n.numbers AS VARCHAR) || '}' AS evidence
    FROM number_of AS n
    INNER JOIN persons AS p ON p.person = n.person
    WHERE n.numbers > 1
),
together AS (
    SELECT * FROM dead UNION ALL SELECT * FROM borrowed UNION ALL SELECT * FROM twice
)
SELECT
    reason || '|' || subject AS subject, area_code, pid_text(person) AS pid, si_text(si) AS si_code, employer_id, tax_code,
    CAST(from_no AS BIGINT) AS from_no, CAST(to_no AS BIGINT) AS to_no, CAST(to_no - from_no AS BIGINT) AS months,
    CAST(0 AS BIGINT) AS amount, reason, CAST(NULL AS BIGINT) AS limit_no, evidence
FROM together
