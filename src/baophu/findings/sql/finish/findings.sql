-- Claims become findings: an identity that lasts, a priority of parts that are shown, and what was found before.
--
-- in:  claims    the rows of all kinds
--      secret    inner_key, outer_key: hex
--      weights   kind, money, months, sure, deadline, success: hundredths that add up to 100
--      words     kind, reason, sure: how sure a reason is, 0 to 1000
--      success   kind, share: 0 to 1000; held: whether the rule fell under the agency's floor
--      points    part (money, months, deadline), at_least, below, points: 0 to 1000
--      previous  the findings of the run before (may have no rows)
--      $as_of; $this_no: the number of the month of $as_of
WITH told AS (
    SELECT
        c.*,
        sha256(s.outer_key || sha256(s.inner_key || c.kind || '|' || c.subject)) AS subject_id,
        substr(sha256(s.outer_key || sha256(s.inner_key || c.kind || '|' || c.subject || '|' || CAST(c.from_no AS VARCHAR))), 1, 32)
            AS new_id
    FROM claims AS c
    CROSS JOIN secret AS s
),
-- The same subject in months that touch: the same finding, older. Where two meet, the older keeps its identity.
pairs AS (
    SELECT
        t.new_id, p.finding_id, p.first_seen,
        row_number() OVER (PARTITION BY t.new_id ORDER BY p.first_seen, p.finding_id) AS of_new,
        row_number() OVER (PARTITION BY p.finding_id ORDER BY t.from_no, t.new_id) AS of_old
    FROM told AS t
    INNER JOIN previous AS p
        ON p.subject_id = t.subject_id AND p.status IN ('open', 'held')
        AND t.from_no <= year(p.to_month) * 12 + month(p.to_month) - 1
        AND year(p.from_month) * 12 + month(p.from_month) - 1 <= t.to_no
),
parts AS (
    SELECT
        t.*, coalesce(a.finding_id, t.new_id) AS finding_id, coalesce(a.first_seen, $as_of) AS first_seen,
        m.points AS part_money, n.points AS part_months, coalesce(w.sure, 500) AS part_sure,
        coalesce(d.points, 0) AS part_deadline, coalesce(u.share, 500) AS part_success, coalesce(u.held, FALSE) AS held,
        g.money AS weight_money, g.months AS weight_months, g.sure AS weight_sure,
        g.deadline AS weight_deadline, g.success AS weight_success
    FROM told AS t
    LEFT JOIN pairs AS a ON a.new_id = t.new_id AND a.of_new = 1 AND a.of_old = 1
    INNER JOIN weights AS g ON g.kind = t.kind
    LEFT JOIN words AS w ON w.kind = t.kind AND w.reason = t.reason
    LEFT JOIN success AS u ON u.kind = t.kind
    INNER JOIN points AS m ON m.part = 'money' AND t.amount >= m.at_least AND t.amount < m.below
    INNER JOIN points AS n ON n.part = 'months' AND t.months >= n.at_least AND t.months < n.below
    -- Months to the nearest date that the law sets: this month or past counts most.
    LEFT JOIN points AS d ON d.part = 'deadline' AND t.limit_no - $this_no >= d.at_least AND t.limit_no - $this_no < d.below
)
SELECT
    finding_id, kind, area_code, pid, si_code, employer_id, tax_code,
    make_date(CAST(from_no // 12 AS INTEGER), CAST(from_no % 12 + 1 AS INTEGER), 1) AS from_month,
    make_date(CAST(to_no // 12 AS INTEGER), CAST(to_no % 12 + 1 AS INTEGER), 1) AS to_month,
    amount,
    CAST(
        weight_money * part_money + weight_months * part_months + weight_sure * part_sure
        + weight_deadline * part_deadline + weight_success * part_success AS DOUBLE
    ) / 100000 AS priority,
    reason, evidence, first_seen, CASE WHEN held THEN 'held' ELSE 'open' END AS status,
    CAST(NULL AS VARCHAR) AS resolved_how, CAST(NULL AS DATE) AS resolved_on,
    CAST(months AS BIGINT) AS months,
    make_date(CAST(limit_no // 12 AS INTEGER), CAST(limit_no % 12 + 1 AS INTEGER), 1) AS deadline_month,
    CAST(part_money AS BIGINT) AS part_money, CAST(part_months AS BIGINT) AS part_months,
    CAST(part_sure AS BIGINT) AS part_sure, CAST(part_deadline AS BIGINT) AS part_deadline,
    CAST(part_success AS BIGINT) AS part_success, subject_id
FROM parts
