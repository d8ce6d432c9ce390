-- Participants of every area by one dimension at a time, rolled up from the cube.
--
-- in:  counts;  above  leaf_code, area_code: each leaf with itself and all areas above it
WITH by_dimension AS (
    SELECT area_code, place, month, scheme, 'sex' AS dimension, sex AS member, sum(participants) AS participants
    FROM counts GROUP BY area_code, place, month, scheme, sex
    UNION ALL
    SELECT area_code, place, month, scheme, 'age_band' AS dimension, age_band AS member, sum(participants) AS participants
    FROM counts GROUP BY area_code, place, month, scheme, age_band
    UNION ALL
    SELECT area_code, place, month, scheme, 'grp' AS dimension, grp AS member, sum(participants) AS participants
    FROM counts GROUP BY area_code, place, month, scheme, grp
    UNION ALL
    SELECT area_code, place, month, scheme, 'sector' AS dimension, sector AS member, sum(participants) AS participants
    FROM counts GROUP BY area_code, place, month, scheme, sector
)
SELECT
    b.area_code, d.place, d.month, d.scheme, d.dimension, d.member, CAST(sum(d.participants) AS BIGINT) AS participants
FROM by_dimension AS d
INNER JOIN above AS b ON b.leaf_code = d.area_code
GROUP BY b.area_code, d.place, d.month, d.scheme, d.dimension, d.member
