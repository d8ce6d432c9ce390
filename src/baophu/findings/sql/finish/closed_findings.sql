-- All findings that ended, of this run and those before, so that it can be seen what lasts. Of those that ended by joining:
-- whether he is still in after 3, 6 and 12 months, by the spells of now; NULL where so many months have not passed.
--
-- in:  findings  of this run;  closed_before  as this gives it, of the run before;  insured, covered;  $last
WITH every AS (
    SELECT finding_id, kind, pid, employer_id, tax_code, first_seen, resolved_on, resolved_how FROM closed_before
    UNION
    SELECT finding_id, kind, pid, employer_id, tax_code, first_seen, resolved_on, resolved_how
    FROM findings
    WHERE status = 'resolved'
),
ended AS (
    SELECT
        *, CAST(year(resolved_on) * 12 + month(resolved_on) - 1 AS BIGINT) AS ended_no,
        CAST(pid AS BIGINT) AS person, head_of(tax_number(tax_code)) AS firm
    FROM every
),
later AS (
    SELECT finding_id, resolved_on, kind, person, firm, 3 AS months, ended_no + 3 AS month_no FROM ended WHERE resolved_how = 'joined'
    UNION ALL
    SELECT finding_id, resolved_on, kind, person, firm, 6 AS months, ended_no + 6 AS month_no FROM ended WHERE resolved_how = 'joined'
    UNION ALL
    SELECT finding_id, resolved_on, kind, person, firm, 12 AS months, ended_no + 12 AS month_no FROM ended WHERE resolved_how = 'joined'
),
still_in AS (
    SELECT l.finding_id, l.resolved_on, l.months
    FROM later AS l
    INNER JOIN insured AS i ON i.person = l.person AND i.from_no <= l.month_no AND l.month_no < i.to_no
    WHERE l.kind <> 'health_gap'
    UNION
    SELECT l.finding_id, l.resolved_on, l.months
    FROM later AS l
    INNER JOIN covered AS c ON c.person = l.person AND l.month_no < c.to_no
    WHERE l.kind = 'health_gap'
    UNION
    -- An employer lasts while it has anybody in.
    SELECT l.finding_id, l.resolved_on, l.months
    FROM later AS l
    INNER JOIN insured AS i ON i.firm = l.firm AND i.scheme = 'compulsory' AND i.from_no <= l.month_no AND l.month_no < i.to_no
    WHERE l.kind = 'unregistered_employer'
),
seen AS (
    SELECT
        l.finding_id, l.resolved_on,
        max(CASE WHEN l.months = 3 THEN CASE WHEN s.finding_id IS NULL THEN 0 ELSE 1 END END) AS still_3,
        max(CASE WHEN l.months = 6 THEN CASE WHEN s.finding_id IS NULL THEN 0 ELSE 1 END END) AS still_6,
        max(CASE WHEN l.months = 12 THEN CASE WHEN s.finding_id IS NULL THEN 0 ELSE 1 END END) AS still_12
    FROM later AS l
    LEFT JOIN still_in AS s ON s.finding_id = l.finding_id AND s.resolved_on = l.resolved_on AND s.months = l.months
    WHERE l.month_no <= $last
    GROUP BY l.finding_id, l.resolved_on
)
SELECT
    e.finding_id, e.kind, e.pid, e.employer_id, e.tax_code, e.first_seen, e.resolved_on, e.resolved_how,
    CAST(date_diff('day', e.first_seen, e.resolved_on) AS BIGINT) AS days,
    CAST(s.still_3 AS BIGINT) AS still_3, CAST(s.still_6 AS BIGINT) AS still_6, CAST(s.still_12 AS BIGINT) AS still_12
FROM ended AS e
LEFT JOIN seen AS s ON s.finding_id = e.finding_id AND s.resolved_on = e.resolved_on
