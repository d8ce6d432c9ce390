-- Paid workers whom neither people nor a number have placed.
SELECT one.*
FROM workers AS one
LEFT JOIN placed ON placed.worker = one.worker
WHERE placed.worker IS NULL
