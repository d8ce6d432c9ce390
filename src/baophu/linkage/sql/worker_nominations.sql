-- Paid workers with persons whose name may be theirs mistyped: the resident who has the number, and people of the payer
-- born on the same day with the same family or given name.
SELECT one.worker, 'number' AS why, other.pid_number AS pid, one.full_key, other.full_key AS other_key,
    one.family_key = other.family_key AND one.given_key = other.given_key AS same_ends,
    one.given_key = other.given_key AS same_given
FROM workers_left AS one
JOIN population AS other ON other.pid_number = one.pid
WHERE one.birth_date IS NULL OR one.birth_date = other.birth_date
    OR other.birth_date IS NULL AND year(one.birth_date) = other.birth_year
UNION ALL
SELECT one.worker, 'payer', other.pid, one.full_key, other.full_key,
    one.family_key = other.family_key AND one.given_key = other.given_key, one.given_key = other.given_key
FROM workers_left AS one
JOIN payers_people AS other ON other.payer = one.payer AND other.birth_date = one.birth_date
WHERE one.full_key <> other.full_key AND (one.family_key = other.family_key OR one.given_key = other.given_key)
