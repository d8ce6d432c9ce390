-- Participants of every area by scheme and month, in thousandths of a person: who has been in for fewer than three months
-- counts $weight thousandths.
--
-- in:  flows;  above  leaf_code, area_code;  $weight
SELECT
    a.area_code, f.scheme, year(f.month) * 12 + month(f.month) - 1 AS month_no,
    CAST(sum(f.closing * 1000 - f.short_stay * (1000 - $weight)) AS BIGINT) AS lasting,
    CAST(sum(f.closing) AS BIGINT) AS participants, CAST(sum(f.short_stay) AS BIGINT) AS short_stay
FROM flows AS f
INNER JOIN above AS a ON a.leaf_code = f.area_code
WHERE f.place = 'managed'
GROUP BY a.area_code, f.scheme, year(f.month) * 12 + month(f.month) - 1
