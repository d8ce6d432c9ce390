-- Paid workers by name: the closest kind of agreement counts, and only where it is one person's. First the resident of
-- the number, all but two letters; then, among the people of the payer, name and birth, the name with a birth that is
-- not told or known by its year or swapped, and the day of birth with a name all but two letters or without its middle.
WITH letters AS (
    SELECT one.worker, one.pid, one.why, one.same_ends, one.same_given, levenshtein(mine.words, theirs.words) AS letters
    FROM nominations AS one
    JOIN folded AS mine ON mine.full_key = one.full_key
    JOIN folded AS theirs ON theirs.full_key = one.other_key
),
found AS (
    SELECT worker, pid, CASE why WHEN 'number' THEN 1 ELSE 4 END AS kind
    FROM letters
    WHERE letters <= 1 OR same_ends OR letters = 2 AND (same_given OR why = 'number')
    UNION
    SELECT one.worker, other.pid, CASE WHEN one.birth_date = other.birth_date THEN 2 ELSE 3 END
    FROM workers_left AS one
    JOIN payers_people AS other ON other.payer = one.payer AND other.full_key = one.full_key
    WHERE one.birth_date IS NULL OR one.birth_date = other.birth_date
        OR other.birth_date IS NULL AND year(one.birth_date) = other.birth_year
        OR month(one.birth_date) = day(other.birth_date) AND day(one.birth_date) = month(other.birth_date)
            AND year(one.birth_date) = other.birth_year
),
ranked AS (
    SELECT found.worker, found.pid, found.kind, min(found.kind) OVER (PARTITION BY found.worker) AS best,
        count(*) OVER (PARTITION BY found.worker, found.kind) AS as_good
    FROM found
    LEFT JOIN rejected ON rejected.worker = found.worker AND rejected.pid = found.pid
    WHERE rejected.worker IS NULL
)
SELECT worker, pid,
    CASE kind WHEN 1 THEN 'number_letters' WHEN 2 THEN 'payer_name_birth' WHEN 3 THEN 'payer_name' ELSE 'payer_letters' END
        AS rule,
    CAST(as_good - 1 AS BIGINT) AS rivals
FROM ranked
WHERE kind = best
