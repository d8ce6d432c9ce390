-- The tax register shows insurance withheld from a worker, and no participation, or no payment of that month, stands. Of a
-- month that is paid in part nobody can tell whose money it was: it is late payment, and not this.
-- Law 41/2024/QH15 arts. 13(4), 38(1), 39(1)(đ).
--
-- in:  income, declared_months, undeclared, insured, firms, links, dues, businesses, number_of, perhaps_declared
--      $silent_months, $as_of
WITH unpaid AS (
    SELECT employer_id, year(month) * 12 + month(month) - 1 AS month_no, outstanding
    FROM dues
    WHERE outstanding > 0 AND outstanding = due AND due_date < $as_of
),
unpaid_months AS (
    SELECT DISTINCT d.pid, d.firm, d.month_no
    FROM declared_months AS d
    INNER JOIN unpaid AS u ON u.employer_id = d.employer_id AND u.month_no = d.month_no
),
-- Only months that nobody declared, or nobody paid, are looked at; they are few.
asked AS (
    SELECT pid, firm, month_no FROM undeclared
    UNION
    SELECT pid, firm, month_no FROM unpaid_months
),
withheld AS (
    SELECT
        c.pid, c.firm, c.month_no, min(c.tax_code) AS tax_code, CAST(sum(c.withheld) AS BIGINT) AS withheld,
        array_to_string(list_sort(list(c.load || '#' || CAST(c.row_id AS VARCHAR))), ' ') AS sources
    FROM income AS c
    INNER JOIN asked AS a ON a.pid = c.pid AND a.firm = c.firm AND a.month_no = c.month_no
    GROUP BY c.pid, c.firm, c.month_no
    HAVING sum(c.withheld) > 0
),
paid_after AS (
    SELECT DISTINCT c.pid, c.firm, c.month_no
    FROM income AS c
    INNER JOIN (SELECT DISTINCT pid, firm, month_no + 1 AS month_no FROM asked) AS a
        ON a.pid = c.pid AND a.firm = c.firm AND a.month_no = c.month_no
    WHERE c.withheld > 0
),
declared AS (
    SELECT
        d.pid, d.firm, d.month_no, min(d.employer_id) AS employer_id, min(d.si_code) AS si_code,
        min(d.commune_code) AS commune_code, max(coalesce(o.outstanding, 0)) AS outstanding
    FROM declared_months AS d
    INNER JOIN unpaid_months AS u ON u.pid = d.pid AND u.firm = d.firm AND u.month_no = d.month_no
    LEFT JOIN unpaid AS o ON o.employer_id = d.employer_id AND o.month_no = d.month_no
    GROUP BY d.pid, d.firm, d.month_no
),
here AS (
    -- An employer that is not linked to a business for certain may be this firm: where he is insured there, nothing is said.
    SELECT DISTINCT w.pid, w.firm, w.month_no
    FROM withheld AS w
    INNER JOIN insured AS i
        ON i.pid = w.pid AND i.scheme = 'compulsory' AND i.from_no <= w.month_no AND w.month_no < i.to_no
    WHERE i.firm = w.firm OR (i.firm IS NULL AND i.employer_id IS NOT NULL)
    UNION
    SELECT pid, firm, month_no FROM perhaps_declared
),
left_before AS (
    -- Paid once more in the month after he left: the pay of his last month.
    SELECT DISTINCT w.pid, w.firm, w.month_no
    FROM withheld AS w
    INNER JOIN insured AS i ON i.pid = w.pid AND i.firm = w.firm AND i.scheme = 'compulsory' AND i.to_no = w.month_no
    LEFT JOIN paid_after AS n ON n.pid = w.pid AND n.firm = w.firm AND n.month_no = w.month_no + 1
    WHERE n.pid IS NULL
),
employer AS (
    SELECT firm, min(employer_id) AS employer_id, min(commune_code) AS commune_code FROM firms WHERE certain GROUP BY firm
),
open_months AS (
    SELECT
        w.pid, w.firm, w.month_no, w.tax_code, w.withheld, w.sources,
        coalesce(d.employer_id, e.employer_id) AS employer_id, d.si_code, coalesce(d.commune_code, e.commune_code) AS commune_code,
        CASE WHEN d.pid IS NULL AND h.pid IS NULL THEN 'withheld_not_insured' ELSE 'withheld_not_paid' END AS reason,
        coalesce(d.outstanding, 0) AS outstanding
    FROM withheld AS w
    LEFT JOIN declared AS d ON d.pid = w.pid AND d.firm = w.firm AND d.month_no = w.month_no
    LEFT JOIN here AS h ON h.pid = w.pid AND h.firm = w.firm AND h.month_no = w.month_no
    LEFT JOIN employer AS e ON e.firm = w.firm
    LEFT JOIN left_before AS z ON z.pid = w.pid AND z.firm = w.firm AND z.month_no = w.month_no
    LEFT JOIN (SELECT DISTINCT pid FROM links WHERE status = 'review') AS q ON q.pid = w.pid
    WHERE (d.pid IS NULL AND h.pid IS NULL AND z.pid IS NULL AND q.pid IS NULL) OR d.outstanding > 0
),
cut AS (
    SELECT
        *,
        CASE WHEN month_no - lag(month_no) OVER (PARTITION BY pid, firm, reason ORDER BY month_no) <= 1 + $silent_months
            THEN 0 ELSE 1 END AS begins
    FROM open_months
),
stretches AS (
    SELECT *, sum(begins) OVER (PARTITION BY pid, firm, reason ORDER BY month_no) AS stretch FROM cut
)
SELECT
    s.pid || '|' || s.firm || '|' || s.reason AS subject, coalesce(min(s.commune_code), min(b.commune_code)) AS area_code, s.pid,
    coalesce(min(s.si_code), min(n.si_code)) AS si_code, min(s.employer_id) AS employer_id, min(s.tax_code) AS tax_code,
    min(s.month_no) AS from_no, max(s.month_no) + 1 AS to_no, CAST(count(*) AS BIGINT) AS months,
    CAST(round_div(CAST(sum(s.withheld) AS BIGINT), count(*)) AS BIGINT) AS amount,
    s.reason,
    CAST(CASE WHEN s.reason = 'withheld_not_paid' THEN min(s.month_no) + 4 ELSE min(s.month_no) + $register_months END AS BIGINT) AS limit_no,
    '{"withheld":' || CAST(CAST(sum(s.withheld) AS BIGINT) AS VARCHAR) || ',"employer_outstanding":'
        || CAST(CAST(max(s.outstanding) AS BIGINT) AS VARCHAR) || ',"tax_income":"'
        || array_to_string(list_sort(list(s.sources)), ' ') || '"}' AS evidence
FROM stretches AS s
LEFT JOIN businesses AS b ON b.tax_code = s.tax_code
LEFT JOIN number_of AS n ON n.pid = s.pid
GROUP BY s.pid, s.firm, s.reason, s.stretch
