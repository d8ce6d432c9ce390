-- What proved to be another register's mistake, for its owner, with the reason; and contradictions, for the owner of the
-- register that is to be looked at first.
--
-- in:  findings;  outcomes  finding_id, outcome, on, register, why;  words  kind, reason, owner, said;  $as_of
WITH told AS (
    SELECT finding_id, outcome, "on", register, why, row_number() OVER (PARTITION BY finding_id ORDER BY "on" DESC, outcome) AS place
    FROM outcomes
)
SELECT
    CASE WHEN t.outcome = 'wrong' THEN t.register ELSE w.owner END AS register,
    f.finding_id, f.kind, f.reason, f.area_code, f.pid, f.si_code, f.employer_id, f.tax_code, f.from_month, f.to_month, f.evidence,
    CASE WHEN t.outcome = 'wrong' THEN t.why ELSE w.said END AS why,
    CASE WHEN t.outcome = 'wrong' THEN t."on" ELSE $as_of END AS told_on
FROM findings AS f
LEFT JOIN told AS t ON t.finding_id = f.finding_id AND t.place = 1
LEFT JOIN words AS w ON w.kind = f.kind AND w.reason = f.reason
WHERE CASE WHEN t.outcome = 'wrong' THEN t.register ELSE w.owner END IS NOT NULL
    AND (t.outcome = 'wrong' OR f.status = 'open')
