-- Who is paid up in a month, by all that decides support: group, place, income, months supported before. No person.
-- voluntary: as registers hold it. provinces: commune_code, place. Months are counted: year x 12 + month - 1.
-- $at: the month. $first: the first month that was supported at all. $cut: the first month of the present law.
-- Months missing at retirement age are paid at once by those who then stop, and are not of this month.
WITH paid AS (
    SELECT
        si_code, commune_code, support_group, chosen_income, paid_on,
        CAST(year(start_month) * 12 + month(start_month) - 1 AS BIGINT) AS begins,
        CAST(year(start_month) * 12 + month(start_month) - 1 + months AS BIGINT) AS ends
    FROM voluntary
    WHERE method <> 'missing_months'
),
in_order AS (
    SELECT
        si_code, begins, ends,
        max(ends) OVER (
            PARTITION BY si_code ORDER BY begins, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM paid
),
-- A month that was paid twice counts once: only what lies behind all earlier payments is new.
once AS (
    SELECT
        si_code,
        CASE WHEN reached > begins THEN reached ELSE begins END AS begins,
        CASE WHEN ends < $at THEN ends ELSE $at END AS ends
    FROM in_order
),
parted AS (
    SELECT
        si_code,
        CASE WHEN ends < $cut THEN ends ELSE $cut END - CASE WHEN begins > $first THEN begins ELSE $first END AS old,
        ends - CASE WHEN begins > $cut THEN begins ELSE $cut END AS new
    FROM once
),
supported AS (
    SELECT
        si_code,
        CAST(sum(CASE WHEN old > 0 THEN old ELSE 0 END) AS BIGINT) AS months_old,
        CAST(sum(CASE WHEN new > 0 THEN new ELSE 0 END) AS BIGINT) AS months_new
    FROM parted
    GROUP BY si_code
),
-- Of several payments for the month the latest counts.
covering AS (
    SELECT
        si_code, commune_code, support_group, chosen_income,
        row_number() OVER (
            PARTITION BY si_code
            ORDER BY paid_on DESC, begins DESC, ends DESC, chosen_income DESC, support_group, commune_code
        ) AS newest
    FROM paid
    WHERE begins <= $at AND $at < ends
)
SELECT
    c.support_group,
    coalesce(p.place, '') AS place,
    c.chosen_income,
    s.months_old,
    s.months_new,
    CAST(count(*) AS BIGINT) AS persons
FROM covering AS c
JOIN supported AS s ON s.si_code = c.si_code
LEFT JOIN provinces AS p ON p.commune_code = c.commune_code
WHERE c.newest = 1
GROUP BY c.support_group, coalesce(p.place, ''), c.chosen_income, s.months_old, s.months_new
