-- The tax register shows insurance withheld from a worker, and no participation, or no payment of that month, stands. Of a
-- month that is paid in part nobody can tell whose money it was: it is late payment, and not this.
-- Law 41/2024/QH15 arts. 13(4), 38(1), 39(1)(đ).
--
-- in:  income, paid_years, paid_twice, several, declared_months, declarers, undeclared, insured, in_review,
--      dues, businesses, number_of, perhaps_declared;  bits  month_no, year_no, bit;  $silent_months, $as_of
WITH unpaid AS (
    SELECT f.employer_no, year(d.month) * 12 + month(d.month) - 1 AS month_no, d.outstanding
    FROM dues AS d
    INNER JOIN declarers AS f ON f.employer_id = d.employer_id
    WHERE d.outstanding > 0 AND d.outstanding = d.due AND d.due_date < $as_of
),
unpaid_months AS (
    SELECT DISTINCT d.person, d.firm, d.month_no
    FROM declared_months AS d
    INNER JOIN unpaid AS u ON u.employer_no = d.employer_no AND u.month_no = d.month_no
    WHERE d.person IS NOT NULL
),
-- Only months that nobody declared, or nobody paid, are looked at; they are few.
asked AS (
    SELECT person, firm, month_no FROM undeclared
    UNION
    SELECT person, firm, month_no FROM unpaid_months
),
withheld AS (
    SELECT c.person, c.firm, c.month_no, c.payer, c.withheld, c.load || '#' || CAST(c.row_id AS VARCHAR) AS sources
    FROM income AS c
    INNER JOIN asked AS a ON a.person = c.person AND a.firm = c.firm AND a.month_no = c.month_no
    LEFT JOIN paid_twice AS t ON t.person = c.person AND t.firm = c.firm
    WHERE c.withheld > 0 AND t.person IS NULL
    UNION ALL
    SELECT
        c.person, c.firm, c.month_no, min(c.payer) AS payer, CAST(sum(c.withheld) AS BIGINT) AS withheld,
        array_to_string(list_sort(list(c.load || '#' || CAST(c.row_id AS VARCHAR))), ' ') AS sources
    FROM several AS c
    INNER JOIN asked AS a ON a.person = c.person AND a.firm = c.firm AND a.month_no = c.month_no
    GROUP BY c.person, c.firm, c.month_no
    HAVING sum(c.withheld) > 0
),
paid_after AS (
    SELECT a.person, a.firm, b.month_no
    FROM asked AS a
    INNER JOIN bits AS b ON b.month_no = a.month_no + 1
    INNER JOIN paid_years AS p ON p.person = a.person AND p.firm = a.firm AND p.year_no = b.year_no
    WHERE p.withheld & b.bit > 0
),
declared AS (
    SELECT
        d.person, d.firm, d.month_no, min(f.employer_id) AS employer_id, min(d.si) AS si,
        min(f.commune_code) AS commune_code, max(coalesce(o.outstanding, 0)) AS outstanding
    FROM declared_months AS d
    INNER JOIN unpaid_months AS u ON u.person = d.person AND u.firm = d.firm AND u.month_no = d.month_no
    INNER JOIN declarers AS f ON f.employer_no = d.employer_no
    LEFT JOIN unpaid AS o ON o.employer_no = d.employer_no AND o.month_no = d.month_no
    GROUP BY d.person, d.firm, d.month_no
),
here AS (
    -- An employer that is not linked to a business for certain may be this firm: where he is insured there, nothing is said.
    SELECT DISTINCT w.person, w.firm, w.month_no
    FROM withheld AS w
    INNER JOIN insured AS i
        ON i.person = w.person AND i.scheme = 'compulsory' AND i.from_no <= w.month_no AND w.month_no < i.to_no
    WHERE i.firm = w.firm OR (i.firm IS NULL AND i.employer_id IS NOT NULL)
    UNION
    SELECT person, firm, month_no FROM perhaps_declared
),
left_before AS (
    -- Paid once more in the month after he left: the pay of his last month.
    SELECT DISTINCT w.person, w.firm, w.month_no
    FROM withheld AS w
    INNER JOIN insured AS i ON i.person = w.person AND i.firm = w.firm AND i.scheme = 'compulsory' AND i.to_no = w.month_no
    LEFT JOIN paid_after AS n ON n.person = w.person AND n.firm = w.firm AND n.month_no = w.month_no + 1
    WHERE n.person IS NULL
),
employer AS (
    SELECT firm, min(employer_id) AS employer_id, min(commune_code) AS commune_code FROM declarers GROUP BY firm
),
open_months AS (
    SELECT
        w.person, w.firm, w.month_no, w.payer, w.withheld, w.sources,
        coalesce(d.employer_id, e.employer_id) AS employer_id, d.si, coalesce(d.commune_code, e.commune_code) AS commune_code,
        CASE WHEN d.person IS NULL AND h.person IS NULL THEN 'withheld_not_insured' ELSE 'withheld_not_paid' END AS reason,
        coalesce(d.outstanding, 0) AS outstanding
    FROM withheld AS w
    LEFT JOIN declared AS d ON d.person = w.person AND d.firm = w.firm AND d.month_no = w.month_no
    LEFT JOIN here AS h ON h.person = w.person AND h.firm = w.firm AND h.month_no = w.month_no
    LEFT JOIN employer AS e ON e.firm = w.firm
    LEFT JOIN left_before AS z ON z.person = w.person AND z.firm = w.firm AND z.month_no = w.month_no
    LEFT JOIN in_review AS q ON q.person = w.person
    WHERE (d.person IS NULL AND h.person IS NULL AND z.person IS NULL AND q.person IS NULL) OR d.outstanding > 0
),
cut AS (
    SELECT
        *,
        CASE WHEN month_no - lag(month_no) OVER (PARTITION BY person, firm, reason ORDER BY month_no) <= 1 + $silent_months
            THEN 0 ELSE 1 END AS begins
    FROM open_months
),
stretches AS (
    SELECT *, sum(begins) OVER (PARTITION BY person, firm, reason ORDER BY month_no) AS stretch FROM cut
)
SELECT
    pid_text(s.person) || '|' || tax_text(s.firm) || '|' || s.reason AS subject,
    coalesce(min(s.commune_code), min(b.commune_code)) AS area_code, pid_text(s.person) AS pid,
    si_text(coalesce(min(s.si), min(n.si))) AS si_code, min(s.employer_id) AS employer_id, tax_text(min(s.payer)) AS tax_code,
    min(s.month_no) AS from_no, max(s.month_no) + 1 AS to_no, CAST(count(*) AS BIGINT) AS months,
    CAST(round_div(CAST(sum(s.withheld) AS BIGINT), count(*)) AS BIGINT) AS amount,
    s.reason,
    CAST(CASE WHEN s.reason = 'withheld_not_paid' THEN min(s.month_no) + 4 ELSE min(s.month_no) + $register_months END AS BIGINT) AS limit_no,
    '{"withheld":' || CAST(CAST(sum(s.withheld) AS BIGINT) AS VARCHAR) || ',"employer_outstanding":'
        || CAST(CAST(max(s.outstanding) AS BIGINT) AS VARCHAR) || ',"tax_income":"'
        || array_to_string(list_sort(list(s.sources)), ' ') || '"}' AS evidence
FROM stretches AS s
LEFT JOIN businesses AS b ON b.tax_code = tax_text(s.payer)
LEFT JOIN number_of AS n ON n.person = s.person
GROUP BY s.person, s.firm, s.reason, s.stretch
