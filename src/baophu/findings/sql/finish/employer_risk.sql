-- The risk of an employer, each part shown in thousandths: where to look first, no claim that something is wrong.
--
-- in:  employers, findings, declarations, dues, firms, businesses, managers, grid
--      $last, $first, $headcount_from: a smaller employer's change of headcount tells nothing
WITH size AS (
    SELECT
        employer_id, year(month) * 12 + month(month) - 1 AS month_no, count(*) AS workers,
        CAST(sum(wage) AS BIGINT) AS wages
    FROM declarations
    WHERE year(month) * 12 + month(month) - 1 <= $last
    GROUP BY employer_id, year(month) * 12 + month(month) - 1
),
steps_of_size AS (
    SELECT
        employer_id, month_no, workers, lag(workers) OVER (PARTITION BY employer_id ORDER BY month_no) AS before
    FROM size
),
changes AS (
    SELECT employer_id, max(CASE WHEN before >= $headcount_from THEN abs(workers - before) * 1000 // before ELSE 0 END) AS jump, max(workers) AS workers
    FROM steps_of_size GROUP BY employer_id
),
bunched AS (
    -- Declared at exactly the lowest base, of all declared in the last month.
    SELECT
        d.employer_id, count(*) FILTER (WHERE d.wage <= g.lowest_wage) * 1000 // count(*) AS share
    FROM declarations AS d
    INNER JOIN employers AS e ON e.employer_id = d.employer_id
    INNER JOIN grid AS g ON g.month_no = year(d.month) * 12 + month(d.month) - 1 AND g.region = e.region
    WHERE year(d.month) * 12 + month(d.month) - 1 = $last
    GROUP BY d.employer_id
),
missing AS (
    SELECT employer_id, count(DISTINCT pid) AS workers FROM findings
    WHERE kind = 'uninsured_worker' AND status = 'open' AND employer_id IS NOT NULL GROUP BY employer_id
),
low AS (
    -- What is missing of the bases, a month: the contribution at stake over the rate.
    SELECT f.employer_id, CAST(round_div(CAST(sum(f.amount) AS BIGINT) * 1000000, max(g.rate_si + g.rate_hi + g.rate_ui)) AS BIGINT) AS missing
    FROM findings AS f
    INNER JOIN grid AS g ON g.month_no = $last AND g.region = 'I'
    WHERE f.kind = 'underdeclared_wage' AND f.status = 'open'
    GROUP BY f.employer_id
),
paying AS (
    SELECT
        employer_id,
        count(*) FILTER (WHERE due > 0 AND due_date < $as_of AND (cleared_on IS NULL OR cleared_on > due_date)) * 1000
            // nullif(count(*) FILTER (WHERE due > 0 AND due_date < $as_of), 0) AS late
    FROM dues GROUP BY employer_id
),
shared AS (
    -- Firms whose managers or owner run a firm that was closed within the months loaded.
    SELECT DISTINCT o.tax_code
    FROM (
        SELECT tax_code, pid FROM managers UNION SELECT tax_code, owner_pid FROM businesses WHERE owner_pid IS NOT NULL
    ) AS o
    INNER JOIN (
        SELECT m.pid, b.tax_code, b.closed_on FROM businesses AS b
        INNER JOIN (SELECT tax_code, pid FROM managers UNION SELECT tax_code, owner_pid FROM businesses WHERE owner_pid IS NOT NULL) AS m
            ON m.tax_code = b.tax_code
        WHERE b.status = 'closed' AND year(b.closed_on) * 12 + month(b.closed_on) - 1 >= $first
    ) AS c ON c.pid = o.pid AND c.tax_code <> o.tax_code
),
owners AS (
    SELECT m.tax_code, max(k.firms) AS firms
    FROM managers AS m
    INNER JOIN (SELECT pid, count(DISTINCT tax_code) AS firms FROM managers GROUP BY pid) AS k ON k.pid = m.pid
    GROUP BY m.tax_code
),
parts AS (
    SELECT
        e.employer_id, e.commune_code AS area_code,
        coalesce(c.workers, 0) AS workers,
        coalesce(m.workers, 0) * 1000 // greatest(coalesce(m.workers, 0) + coalesce(c.workers, 0), 1) AS unregistered,
        coalesce(l.missing, 0) * 1000 // greatest(coalesce(l.missing, 0) + coalesce(w.wages, 0), 1) AS underdeclared,
        coalesce(p.late, 0) AS late_months,
        least(coalesce(c.jump, 0), 1000) AS headcount_change,
        coalesce(b.share, 0) AS bunching,
        CASE WHEN s.tax_code IS NOT NULL THEN 1000 ELSE 0 END AS reopened,
        CASE WHEN coalesce(o.firms, 1) > 1 THEN least((o.firms - 1) * 250, 1000) ELSE 0 END AS shared_owners
    FROM employers AS e
    LEFT JOIN changes AS c ON c.employer_id = e.employer_id
    LEFT JOIN bunched AS b ON b.employer_id = e.employer_id
    LEFT JOIN missing AS m ON m.employer_id = e.employer_id
    LEFT JOIN low AS l ON l.employer_id = e.employer_id
    LEFT JOIN size AS w ON w.employer_id = e.employer_id AND w.month_no = $last
    LEFT JOIN paying AS p ON p.employer_id = e.employer_id
    LEFT JOIN (SELECT employer_id, min(tax_code) AS tax_code FROM firms WHERE certain GROUP BY employer_id) AS f ON f.employer_id = e.employer_id
    LEFT JOIN shared AS s ON s.tax_code = f.tax_code
    LEFT JOIN owners AS o ON o.tax_code = f.tax_code
)
SELECT
    employer_id, area_code, CAST(workers AS BIGINT) AS workers,
    CAST(unregistered AS BIGINT) AS unregistered, CAST(underdeclared AS BIGINT) AS underdeclared,
    CAST(late_months AS BIGINT) AS late_months, CAST(headcount_change AS BIGINT) AS headcount_change,
    CAST(bunching AS BIGINT) AS bunching, CAST(reopened AS BIGINT) AS reopened, CAST(shared_owners AS BIGINT) AS shared_owners,
    CAST(
        $w_unregistered * unregistered + $w_underdeclared * underdeclared + $w_late_months * late_months
        + $w_headcount_change * headcount_change + $w_bunching * bunching + $w_reopened * reopened
        + $w_shared_owners * shared_owners AS DOUBLE
    ) / 100000 AS risk
FROM parts
