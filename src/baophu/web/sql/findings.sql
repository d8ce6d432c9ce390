-- Findings with the province of their commune, as lists ask for them. Whom one is about is named by the site's own key.
SELECT
    f.finding_id, f.kind, f.area_code, coalesce(a.province, '') AS province, f.pid, f.si_code, f.employer_id, f.tax_code,
    CAST(f.from_month AS VARCHAR) AS from_month, CAST(f.to_month AS VARCHAR) AS to_month, f.amount, f.priority,
    f.reason, f.evidence, CAST(f.first_seen AS VARCHAR) AS first_seen, f.status,
    CAST(f.deadline_month AS VARCHAR) AS deadline_month, f.months, f.part_money, f.part_months, f.part_sure,
    f.part_deadline, f.part_success, f.resolved_how,
    CASE
        WHEN coalesce(f.pid, f.si_code) IS NOT NULL
            THEN substr(sha256(s.outer_key || sha256(s.inner_key || coalesce(f.pid, f.si_code))), 1, 20)
    END AS person
FROM findings AS f
CROSS JOIN secret AS s
LEFT JOIN areas AS a ON a.commune = f.area_code
ORDER BY f.priority DESC, f.finding_id
