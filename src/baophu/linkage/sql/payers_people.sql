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
    JOIN asked ON asked.payer = CAST(linked.code AS BIGINT)
        + CASE length(linked.code) WHEN 10 THEN 10000000000000 WHEN 13 THEN 20000000000000 ELSE 0 END
),
declared AS (
    SELECT DISTINCT employer.payer, declarations.si_code
    FROM declarations
    JOIN employer ON employer.employer_id = declarations.employer_id
),
known AS (
    SELECT declared.payer, CAST(links.pid AS BIGINT) AS pid
    FROM declared
    JOIN links ON links.si_code = declared.si_code
    WHERE links.status = 'accepted'
    UNION
    SELECT worker_numbers.payer, worker_numbers.pid
    FROM worker_numbers
    JOIN asked ON asked.payer = worker_numbers.payer
)
SELECT known.payer, known.pid, person.full_key, person.set_key, person.family_key, person.given_key, person.birth_date,
    COALESCE(person.birth_year, year(person.birth_date)) AS birth_year
FROM known
JOIN population AS person ON person.pid_number = known.pid
