-- Pairs of a paid worker and a person of which somebody has said that they are two people.
SELECT DISTINCT worker.worker, one.pid
FROM decisions AS one
JOIN workers AS worker
    ON worker.tax_code = one.tax_code AND worker.full_key = one.full_key
    AND COALESCE(worker.pid, -1) = COALESCE(one.told_pid, -1)
    AND COALESCE(worker.birth_date, DATE '1000-01-01') = COALESCE(one.birth_date, DATE '1000-01-01')
WHERE NOT one.accepted
