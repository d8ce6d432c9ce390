-- One name for each key that a nominated worker or person has.
SELECT one.full_key, min(one.full_name) AS full_name
FROM tax_income AS one
JOIN (SELECT DISTINCT full_key FROM nominations) AS needed ON needed.full_key = one.full_key
GROUP BY one.full_key
UNION ALL
SELECT one.full_key, min(one.full_name)
FROM population AS one
JOIN (SELECT DISTINCT other_key AS full_key FROM nominations) AS needed ON needed.full_key = one.full_key
GROUP BY one.full_key
