-- One name for each key of a pair whose names are not the same.
SELECT full_key, min(full_name) AS full_name
FROM (
    SELECT full_key, full_name FROM paired WHERE full_key <> other_key
    UNION ALL
    SELECT other_key, other_name FROM paired WHERE full_key <> other_key
) AS every
GROUP BY full_key
