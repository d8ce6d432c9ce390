-- What the run before found and this one does not: how it ended, as the registers tell it. Of a kind that could not be
-- computed this time nothing has ended: its findings stay as they were.
--
-- in:  findings  those of this run;  previous;  insured, covered, persons, dues, firms
--      computed  kind: the kinds that this run computed;  $as_of, $last
WITH gone AS (
    SELECT p.*
    FROM previous AS p
    LEFT JOIN findings AS f ON f.finding_id = p.finding_id
    WHERE p.status IN ('open', 'held') AND f.finding_id IS NULL
),
still_owed AS (
    SELECT g.finding_id
    FROM gone AS g
    INNER JOIN dues AS d
        ON d.employer_id = g.employer_id AND d.month >= g.from_month AND d.month < g.to_month AND d.outstanding > 0
    GROUP BY g.finding_id
),
merged AS (
    SELECT DISTINCT g.finding_id FROM gone AS g INNER JOIN findings AS f ON f.subject_id = g.subject_id
),
joined AS (
    SELECT DISTINCT g.finding_id
    FROM gone AS g
    INNER JOIN insured AS i ON i.person = CAST(g.pid AS BIGINT) AND i.to_no > $last
    -- Who must be in the compulsory scheme has not joined by being in the voluntary one.
    WHERE g.kind NOT IN ('health_gap', 'conflict')
        AND (i.scheme = 'compulsory' OR g.kind IN ('voluntary_candidate', 'lapsed_voluntary', 'near_pension'))
    UNION
    SELECT DISTINCT g.finding_id
    FROM gone AS g
    INNER JOIN firms AS f ON f.firm = head_of(tax_number(g.tax_code))
    WHERE g.kind = 'unregistered_employer' AND f.certain
    UNION
    SELECT g.finding_id FROM gone AS g INNER JOIN covered AS c ON c.person = CAST(g.pid AS BIGINT) AND c.to_no > $last WHERE g.kind = 'health_gap'
)
SELECT
    g.finding_id, g.kind, g.area_code, g.pid, g.si_code, g.employer_id, g.tax_code, g.from_month, g.to_month, g.amount,
    g.priority, g.reason, g.evidence, g.first_seen, CASE WHEN k.kind IS NULL THEN g.status ELSE 'resolved' END AS status,
    CASE
        WHEN k.kind IS NULL THEN NULL
        WHEN m.finding_id IS NOT NULL THEN 'merged'
        WHEN p.died_no IS NOT NULL AND g.kind <> 'conflict' THEN 'deceased'
        WHEN g.kind IN ('late', 'evasion') OR g.reason = 'withheld_not_paid'
            THEN CASE WHEN o.finding_id IS NULL THEN 'paid' ELSE 'vanished' END
        WHEN j.finding_id IS NOT NULL THEN 'joined'
        ELSE 'vanished'
    END AS resolved_how,
    CASE WHEN k.kind IS NOT NULL THEN $as_of END AS resolved_on,
    g.months, g.deadline_month, g.part_money, g.part_months, g.part_sure, g.part_deadline, g.part_success, g.subject_id
FROM gone AS g
LEFT JOIN computed AS k ON k.kind = g.kind
LEFT JOIN merged AS m ON m.finding_id = g.finding_id
LEFT JOIN still_owed AS o ON o.finding_id = g.finding_id
LEFT JOIN joined AS j ON j.finding_id = g.finding_id
LEFT JOIN persons AS p ON p.person = CAST(g.pid AS BIGINT)
