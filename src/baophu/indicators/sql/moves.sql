-- How many come and go, by place, commune, scheme and month: one pass over the stretches a place, whatever the number of
-- months. `what` is `came` and `went` of stretches.sql; 0: was in before flows begin; 10: began a stay of which the first
-- three months are not over, 11: its third month is over, or it ended. `short`: left after fewer than three months.
--
-- By where people live nobody moves, since one place of residence is known: he goes on.
--
-- in:  stretches;  $first: the first month of the series;  $flows_first: the first month of flows;  $last;  $minority
WITH counted AS (
    SELECT * FROM stretches WHERE NOT $minority OR minority
),
changes AS (
    SELECT
        'managed' AS place, managed AS area_no, scheme_no, greatest(start_no, $first) AS month_no,
        CASE WHEN start_no < $flows_first THEN 0 ELSE came END AS what, 0 AS short, count(*) AS people
    FROM counted
    GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT
        'resident' AS place, resident AS area_no, scheme_no, greatest(start_no, $first) AS month_no,
        CASE WHEN start_no < $flows_first THEN 0 WHEN came = 4 THEN 3 ELSE came END AS what, 0 AS short, count(*) AS people
    FROM counted
    GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT
        'managed' AS place, managed AS area_no, scheme_no, end_no AS month_no,
        went + 20 AS what, CASE WHEN end_no - stay_no < 3 THEN 1 ELSE 0 END AS short, count(*) AS people
    FROM counted
    WHERE end_no <= $last
    GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT
        'resident' AS place, resident AS area_no, scheme_no, end_no AS month_no,
        CASE WHEN went = 4 THEN 3 ELSE went END + 20 AS what, CASE WHEN end_no - stay_no < 3 THEN 1 ELSE 0 END AS short,
        count(*) AS people
    FROM counted
    WHERE end_no <= $last
    GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT 'managed' AS place, managed AS area_no, scheme_no, greatest(start_no, $first) AS month_no, 10 AS what, 0 AS short, count(*) AS people
    FROM counted
    WHERE start_no < stay_no + 3 AND least(end_no, stay_no + 3) > $first
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT 'resident' AS place, resident AS area_no, scheme_no, greatest(start_no, $first) AS month_no, 10 AS what, 0 AS short, count(*) AS people
    FROM counted
    WHERE start_no < stay_no + 3 AND least(end_no, stay_no + 3) > $first
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT 'managed' AS place, managed AS area_no, scheme_no, least(end_no, stay_no + 3) AS month_no, 11 AS what, 0 AS short, count(*) AS people
    FROM counted
    WHERE start_no < stay_no + 3 AND least(end_no, stay_no + 3) > $first AND least(end_no, stay_no + 3) <= $last
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT 'resident' AS place, resident AS area_no, scheme_no, least(end_no, stay_no + 3) AS month_no, 11 AS what, 0 AS short, count(*) AS people
    FROM counted
    WHERE start_no < stay_no + 3 AND least(end_no, stay_no + 3) > $first AND least(end_no, stay_no + 3) <= $last
    GROUP BY 1, 2, 3, 4
)
SELECT
    place, area_no, scheme_no, CAST(month_no AS INTEGER) AS month_no, CAST(what AS INTEGER) AS what,
    CAST(short AS INTEGER) AS short, CAST(people AS BIGINT) AS people
FROM changes
