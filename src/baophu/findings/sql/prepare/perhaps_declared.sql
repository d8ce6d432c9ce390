-- Paid workers who may be participants that nobody could link: their payer declares, under a number without an accepted
-- link, a base of which the law has withheld from a worker what was withheld from them. In the months of that number
-- they are not said to be missing. Law 41/2024/QH15 arts. 31-33; Law on Health Insurance art. 13.
--
-- in:  declared_months, declarers, undeclared
--      grid    month_no, region, ceilings and the worker's own rates own_si, own_hi, own_ui (millionths)
--      $rounding: VND by which a payer's figure may differ
WITH nameless AS (
    SELECT
        d.firm, d.si, d.month_no,
        round_div(
            least(greatest(d.wage, g.si_floor), g.si_ceiling) * g.own_si
            + least(greatest(d.wage, g.si_floor), g.hi_ceiling) * g.own_hi
            + least(d.wage, g.ui_ceiling) * g.own_ui,
            1000000
        ) AS withheld
    FROM declared_months AS d
    INNER JOIN declarers AS f ON f.employer_no = d.employer_no
    INNER JOIN grid AS g ON g.month_no = d.month_no AND g.region = f.region
    WHERE d.person IS NULL AND d.wage IS NOT NULL
),
alike AS (
    SELECT DISTINCT w.person, w.firm, n.si
    FROM undeclared AS w
    INNER JOIN nameless AS n ON n.firm = w.firm AND n.month_no = w.month_no
    WHERE abs(n.withheld - w.withheld) <= $rounding
)
SELECT DISTINCT a.person, a.firm, n.month_no
FROM alike AS a
INNER JOIN nameless AS n ON n.firm = a.firm AND n.si = a.si
