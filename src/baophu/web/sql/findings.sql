-- Findings with the province of their commune, as lists ask for them.
SELECT
    f.finding_id, f.kind, f.area_code, coalesce(a.province, '') AS province, f.pid, f.si_code, f.employer_id, f.tax_code,
    CAST(f.from_month AS VARCHAR) AS from_month, CAST(f.to_month AS VARCHAR) AS to_month, f.amount, f.priority,
    f.reason, f.evidence, CAST(f.first_seen AS VARCHAR) AS first_seen, f.status,
    CAST(f.deadline_month AS VARCHAR) AS deadline_month
FROM findings AS f
LEFT JOIN areas AS a ON a.commune = f.area_code
ORDER BY f.priority DESC, f.finding_id
