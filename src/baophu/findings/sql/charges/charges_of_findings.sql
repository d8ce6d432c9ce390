-- What would be charged on what findings are about, were they right: each month and fund of a finding, with the clause, the
-- days and the charge. An estimate, unless somebody confirmed the finding; what proved wrong is left out.
--
-- Law 41/2024/QH15 arts. 28(1), 38(2)-(3), 39(1)(a)-(d), 40(1), 41(1); Decree 274/2025/NĐ-CP arts. 5-6: the days run from
-- the day after both limits, to register and to pay. Health insurance has no clause here.
--
-- in:  found_months  as found_months.sql gives them
--      lawful, registered  month, si_code (the finding's), due_si, due_ui by the lawful and by the registered wage
--      due_dates     month, monthly, quarterly, half_yearly
--      outcomes      finding_id, outcome, on
--      $as_of; $rate, $rate_scale: the charge a day is amount x $rate / $rate_scale; $counts_from: days before are not
--      charged; $register_days (30), $grace_days (60): each less by one where the first day counts;
--      $liable_at_end: whether a worker is taken to be liable from the last day of his first month, not the first;
--      $whole_evasion: whether an evaded sum is evasion from its first day on, or only after the 60 days
WITH latest AS (
    SELECT finding_id, outcome, row_number() OVER (PARTITION BY finding_id ORDER BY "on" DESC, outcome) AS place
    FROM outcomes
),
owed AS (
    SELECT
        m.finding_id, m.kind, m.employer_id, m.tax_code, m.month,
        CASE m.pay_method WHEN 'quarterly' THEN d.quarterly WHEN 'half_yearly' THEN d.half_yearly ELSE d.monthly END AS due_date,
        CASE
            WHEN $liable_at_end THEN last_day(m.liable_month)
            ELSE m.liable_month
        END + CAST($register_days AS INTEGER) AS register_by,
        m.registered_month,
        l.due_si - coalesce(r.due_si, 0) AS owed_si, l.due_ui - coalesce(r.due_ui, 0) AS owed_ui,
        CASE
            WHEN o.outcome = 'confirmed' THEN 'confirmed'
            WHEN m.kind = 'underdeclared_wage' THEN 'question'
            ELSE 'finding'
        END AS basis
    FROM found_months AS m
    INNER JOIN lawful AS l ON l.si_code = m.finding_id AND l.month = m.month
    INNER JOIN due_dates AS d ON d.month = m.month
    LEFT JOIN registered AS r ON r.si_code = m.finding_id AND r.month = m.month
    LEFT JOIN latest AS o ON o.finding_id = m.finding_id AND o.place = 1
    WHERE coalesce(o.outcome, '') <> 'wrong'
),
by_fund AS (
    SELECT *, 'si' AS fund, owed_si AS amount FROM owed WHERE owed_si > 0
    UNION ALL
    SELECT *, 'ui' AS fund, owed_ui AS amount FROM owed WHERE owed_ui > 0
),
begun AS (
    SELECT
        *,
        greatest(due_date + 1, coalesce(register_by + 1, due_date + 1), $counts_from) AS first_day,
        CASE
            WHEN kind = 'underdeclared_wage' THEN $counts_from
            -- He was registered within the 60 days: these months stay late payment.
            WHEN registered_month <= register_by + CAST($grace_days AS INTEGER) THEN $as_of + 1
            ELSE greatest(register_by + CAST($grace_days + 1 AS INTEGER), $counts_from)
        END AS evasion_from
    FROM by_fund
),
turned AS (
    SELECT
        *,
        CASE
            WHEN evasion_from <= first_day OR ($whole_evasion AND evasion_from <= $as_of) THEN first_day
            ELSE evasion_from
        END AS turns_on
    FROM begun
    WHERE first_day <= $as_of
),
classed AS (
    SELECT
        *, CASE fund WHEN 'si' THEN '38(2)' ELSE '38(3)' END AS clause, 'late' AS class,
        first_day AS from_day, date_diff('day', first_day, least(turns_on, $as_of + 1)) AS days
    FROM turned
    UNION ALL
    SELECT
        *,
        CASE
            WHEN kind = 'underdeclared_wage' THEN CASE fund WHEN 'si' THEN '39(1)(c)' ELSE '39(1)(d)' END
            ELSE CASE fund WHEN 'si' THEN '39(1)(a)' ELSE '39(1)(b)' END
        END AS clause,
        'evasion' AS class, turns_on AS from_day, date_diff('day', turns_on, $as_of + 1) AS days
    FROM turned
)
SELECT
    employer_id, month, fund, clause, class, amount, from_day AS first_day, days,
    round_div(amount * $rate * days, $rate_scale) AS charge,
    CAST(NULL AS DATE) AS paid_on, $as_of AS as_of, basis, finding_id, tax_code
FROM classed
WHERE days > 0
