-- What proved to be another register's mistake, for its owner, with the reason; and contradictions that one row explains.
--
-- in:  findings;  outcomes  finding_id, kind, outcome, on, register, why;  $as_of
SELECT
    o.register, o.finding_id, f.kind, f.reason, f.pid, f.si_code, f.employer_id, f.tax_code, f.evidence,
    o.why, o."on" AS told_on
FROM outcomes AS o
INNER JOIN findings AS f ON f.finding_id = o.finding_id
WHERE o.outcome = 'wrong' AND o.register IS NOT NULL
UNION ALL
SELECT
    'participants' AS register, f.finding_id, f.kind, f.reason, f.pid, f.si_code, f.employer_id, f.tax_code, f.evidence,
    f.reason AS why, $as_of AS told_on
FROM findings AS f
WHERE f.kind = 'conflict' AND f.status = 'open'
