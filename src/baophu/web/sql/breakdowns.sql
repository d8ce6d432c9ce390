-- Participants of an area by one dimension in one row: [member, this month, the same month of the year before], …
WITH two AS (
    SELECT
        area_code, scheme, dimension, member, CAST(sum(CASE WHEN month = $month THEN participants ELSE 0 END) AS BIGINT) AS people,
        CAST(sum(CASE WHEN month = $year_before THEN participants ELSE 0 END) AS BIGINT) AS before
    FROM breakdowns
    WHERE place = 'managed' AND (month = $month OR month = $year_before)
    GROUP BY area_code, scheme, dimension, member
)
SELECT
    area_code, scheme, dimension,
    '[' || string_agg('["' || member || '",' || CAST(people AS VARCHAR) || ',' || CAST(before AS VARCHAR) || ']', ',' ORDER BY member)
    || ']' AS members
FROM two
WHERE people > 0 OR before > 0
GROUP BY area_code, scheme, dimension
ORDER BY area_code, scheme, dimension
