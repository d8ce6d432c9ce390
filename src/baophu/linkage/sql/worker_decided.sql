-- Paid workers of whom somebody said who they are, as long as both are there: known by all that their payer says.
SELECT DISTINCT worker.worker, worker.payer, one.pid
FROM decisions AS one
JOIN workers AS worker
    ON worker.tax_code = one.tax_code AND worker.full_key = one.full_key
    AND COALESCE(worker.pid, -1) = COALESCE(one.told_pid, -1)
    AND COALESCE(worker.birth_date, DATE '1000-01-01') = COALESCE(one.birth_date, DATE '1000-01-01')
JOIN (SELECT pid_number AS pid FROM population) AS person ON person.pid = one.pid
WHERE one.accepted
