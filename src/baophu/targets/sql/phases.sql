-- How many of the year's phases are over in each area, and how many of them were met.
--
-- in:  followed;  targets
SELECT
    t.area_code, f.month_no, CAST(count(f.met) AS BIGINT) AS due,
    CAST(count(CASE WHEN f.met THEN 1 END) AS BIGINT) AS met
FROM followed AS f
INNER JOIN targets AS t ON t.target_no = f.target_no
WHERE t.phase IS NOT NULL AND t.period_end <= f.as_of AND year(t.period_end) = year(f.as_of)
GROUP BY t.area_code, f.month_no
