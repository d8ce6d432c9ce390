-- What was found of each paid worker.
SELECT worker, pid, 'decision' AS rule, 1e0 AS score, 'accepted' AS status, CAST(0 AS BIGINT) AS rivals FROM worker_decided
UNION ALL
SELECT worker, pid, 'number', 1e0, 'accepted', CAST(0 AS BIGINT) FROM worker_numbers
UNION ALL
SELECT worker, min(pid), min(rule), CASE WHEN min(rivals) = 0 THEN 1e0 ELSE 1e0 / (1 + min(rivals)) END,
    CASE WHEN min(rivals) = 0 THEN 'accepted' ELSE 'review' END, min(rivals)
FROM worker_names
GROUP BY worker
UNION ALL
SELECT worker, pid, rule, CASE slips WHEN 1 THEN 1e0 ELSE 5e-1 END, CASE slips WHEN 1 THEN 'accepted' ELSE 'review' END,
    CAST(0 AS BIGINT)
FROM worker_country
