-- One name for each key that a nominated pair holds.
SELECT full_key, min(full_name) AS full_name
FROM (
    SELECT full_key, full_name FROM chunk
    UNION ALL
    SELECT other.full_key, other.full_name
    FROM population AS other
    JOIN (SELECT DISTINCT pid FROM nominations) AS one ON one.pid = other.pid_number
) AS every
WHERE full_key IS NOT NULL
GROUP BY full_key
