-- Paid workers who may be participants that nobody could link: their payer declares, under a number without an accepted
-- link, a base of which the law has withheld from a worker what was withheld from them. In the months of that number
-- they are not said to be missing. Law 41/2024/QH15 arts. 31-33; Law on Health Insurance art. 13.
--
-- in:  declarations, links, firms, undeclared
--      grid    month_no, region, ceilings and the worker's own rates own_si, own_hi, own_ui (millionths)
--      $rounding: VND by which a payer's figure may differ
WITH nameless AS (
    SELECT
        f.firm, d.si_code, CAST(year(d.month) * 12 + month(d.month) - 1 AS BIGINT) AS month_no,
        round_div(
            least(greatest(d.wage, g.si_floor), g.si_ceiling) * g.own_si
            + least(greatest(d.wage, g.si_floor), g.hi_ceiling) * g.own_hi
            + least(d.wage, g.ui_ceiling) * g.own_ui,
            1000000
        ) AS withheld
    FROM declarations AS d
    LEFT JOIN (SELECT DISTINCT si_code FROM links WHERE status = 'accepted') AS l ON l.si_code = d.si_code
    INNER JOIN (
        SELECT employer_id, min(firm) AS firm, min(region) AS region FROM firms WHERE certain GROUP BY employer_id
    ) AS f ON f.employer_id = d.employer_id
    INNER JOIN grid AS g ON g.month_no = year(d.month) * 12 + month(d.month) - 1 AND g.region = f.region
    WHERE l.si_code IS NULL AND d.wage IS NOT NULL
),
alike AS (
    SELECT DISTINCT w.pid, w.firm, n.si_code
    FROM undeclared AS w
    INNER JOIN nameless AS n ON n.firm = w.firm AND n.month_no = w.month_no
    WHERE abs(n.withheld - w.withheld) <= $rounding
)
SELECT DISTINCT a.pid, a.firm, n.month_no
FROM alike AS a
INNER JOIN nameless AS n ON n.firm = a.firm AND n.si_code = a.si_code
