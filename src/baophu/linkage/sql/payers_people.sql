-- Whom a payer is known to pay: workers that he names by number, and the participants whom he, or a branch of his,
-- declares. Only of payers who name somebody that no number places.
WITH asked AS (SELECT DISTINCT payer FROM workers_left),
linked AS (
    SELECT one.employer_id, one.tax_code AS code FROM employer_links AS one WHERE one.status = 'accepted'
    UNION
    SELECT one.employer_id, one.head_tax_code FROM employer_links AS one WHERE one.status = 'accepted'
),
employer AS (
    SELECT linked.employer_id, asked.payer
    FROM linked
    JOIN asked ON asked.payer = tax_number(linked.code)
),
declared AS (
    SELECT DISTINCT employer.payer, CAST(declarations.si_code AS BIGINT) AS si
    FROM declarations
    JOIN employer ON employer.employer_id = declarations.employer_id
),
linked_people AS (
    SELECT CAST(si_code AS BIGINT) AS si, CAST(pid AS BIGINT) AS pid FROM links WHERE status = 'accepted'
),
known AS (
    SELECT declared.payer, linked.pid
    FROM declared
    JOIN linked_people AS linked ON linked.si = declared.si
    UNION
    SELECT worker_numbers.payer, worker_numbers.pid
    FROM worker_numbers
    JOIN asked ON asked.payer = worker_numbers.payer
)
SELECT known.payer, known.pid, person.full_key, person.set_key, person.family_key, person.given_key, person.birth_date,
    COALESCE(person.birth_year, year(person.birth_date)) AS birth_year
FROM known
JOIN population AS person ON person.pid_number = known.pid
