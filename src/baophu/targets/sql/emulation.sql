-- The emulation score of each area and month, 0 to 100 to three decimals, and its place among its peers.
--
-- in:  points;  peers  area_no, area_code, own_no, similar_no;  $least: points that must be known, in thousandths
WITH summed AS (
    SELECT
        area_code, month_no, CAST(sum(points) AS BIGINT) AS got,
        CAST(sum(CASE WHEN points IS NOT NULL THEN most END) AS BIGINT) AS known
    FROM points
    GROUP BY area_code, month_no
),
scored AS (
    SELECT
        p.area_code, p.own_no, p.similar_no, s.month_no,
        CASE WHEN s.known >= $least THEN round_div(s.got * 100000, s.known) END AS score
    FROM summed AS s
    INNER JOIN peers AS p ON p.area_code = s.area_code
)
SELECT
    area_code, month_no, own_no, similar_no, score,
    CASE WHEN own_no >= 0 AND score IS NOT NULL THEN
        rank() OVER (PARTITION BY month_no, own_no, score IS NULL ORDER BY score DESC) END AS own_rank,
    CASE WHEN similar_no >= 0 AND score IS NOT NULL THEN
        rank() OVER (PARTITION BY month_no, similar_no, score IS NULL ORDER BY score DESC) END AS similar_rank
FROM scored
