-- Paid workers whom no number places.
SELECT one.*
FROM workers AS one
LEFT JOIN worker_numbers AS placed ON placed.worker = one.worker
WHERE placed.worker IS NULL
