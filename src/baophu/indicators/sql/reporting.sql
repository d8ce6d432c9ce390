-- How many of the units directly below an area have reported an indicator of a period, and how many in time.
--
-- in:  told  area_code, indicator, period, to_no, came_on;  parents  area_code, parent;  $within: days after the period
WITH units AS (
    SELECT parent AS area_code, count(*) AS units FROM parents GROUP BY parent
)
SELECT
    p.parent AS area_code, t.indicator, t.period, CAST(max(u.units) AS BIGINT) AS units,
    CAST(count(*) AS BIGINT) AS reported,
    CAST(count(CASE WHEN year(t.came_on) * 366 + month(t.came_on) * 31 + day(t.came_on) <=
        (t.to_no // 12) * 366 + (t.to_no % 12 + 1) * 31 + $within THEN 1 END) AS BIGINT) AS on_time
FROM told AS t
INNER JOIN parents AS p ON p.area_code = t.area_code
INNER JOIN units AS u ON u.area_code = p.parent
GROUP BY p.parent, t.indicator, t.period
