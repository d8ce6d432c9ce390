-- The tax register shows insurance withheld from a worker, and no participation, or no payment of that month, stands. Of a
-- month that is paid in part nobody can tell whose money it was: it is late payment, and not this.
-- Law 41/2024/QH15 arts. 13(4), 38(1), 39(1)(đ).
--
-- in:  income, insured, firms, declarations, links, dues, businesses, number_of, perhaps_declared
--      $silent_months, $as_of
WITH withheld AS (
    SELECT
        pid, firm, month_no, min(tax_code) AS tax_code, CAST(sum(withheld) AS BIGINT) AS withheld,
        array_to_string(list_sort(list(source)), ' ') AS sources
    FROM income
    GROUP BY pid, firm, month_no
    HAVING sum(withheld) > 0
),
declared AS (
    SELECT
        l.pid, f.firm, year(d.month) * 12 + month(d.month) - 1 AS month_no, min(d.employer_id) AS employer_id,
        min(d.si_code) AS si_code, min(f.commune_code) AS commune_code,
        max(CASE WHEN u.outstanding > 0 AND u.outstanding = u.due AND u.due_date < $as_of THEN u.outstanding ELSE 0 END) AS outstanding
    FROM declarations AS d
    INNER JOIN links AS l ON l.si_code = d.si_code AND l.status = 'accepted'
    INNER JOIN (SELECT employer_id, min(firm) AS firm, min(commune_code) AS commune_code FROM firms WHERE certain GROUP BY employer_id) AS f
        ON f.employer_id = d.employer_id
    LEFT JOIN dues AS u ON u.employer_id = d.employer_id AND u.month = d.month
    GROUP BY l.pid, f.firm, year(d.month) * 12 + month(d.month) - 1
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
    LEFT JOIN withheld AS n ON n.pid = w.pid AND n.firm = w.firm AND n.month_no = w.month_no + 1
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
