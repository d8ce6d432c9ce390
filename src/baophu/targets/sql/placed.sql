-- The place of each area among its peers, of every target and month: 1, 2, 2, 4 where two do equally well.
--
-- Quotients are held against each other to nine decimals, so that equal ones are equal. Where less is better, the least
-- achieved is the first.
--
-- in:  followed;  targets  target_no, area_no;  peers  area_no, own_no (those of its province, or all provinces),
--      similar_no (of its size; -1: not known)
WITH scored AS (
    SELECT
        f.target_no, f.month_no, round(f.achieved, 9) AS achieved, round(f.development, 9) AS development,
        CASE WHEN f.less_is_better THEN 1 ELSE -1 END * round(f.achieved, 9) AS achieved_order,
        (CAST(f.family_no AS BIGINT) * 65536 + f.month_no) * 4096 + p.own_no AS own, p.own_no,
        (CAST(f.family_no AS BIGINT) * 65536 + f.month_no) * 4096 + p.similar_no AS alike, p.similar_no
    FROM followed AS f
    INNER JOIN targets AS n ON n.target_no = f.target_no
    INNER JOIN peers AS p ON p.area_no = n.area_no
    WHERE f.achieved IS NOT NULL OR f.development IS NOT NULL
)
SELECT
    target_no, month_no, own_no, similar_no, achieved, development,
    CASE WHEN achieved IS NOT NULL THEN
        rank() OVER (PARTITION BY own, achieved IS NULL ORDER BY achieved_order) END AS own_achieved,
    CASE WHEN development IS NOT NULL THEN
        rank() OVER (PARTITION BY own, development IS NULL ORDER BY development DESC) END AS own_development,
    CASE WHEN similar_no >= 0 AND achieved IS NOT NULL THEN
        rank() OVER (PARTITION BY alike, achieved IS NULL ORDER BY achieved_order) END AS similar_achieved,
    CASE WHEN similar_no >= 0 AND development IS NOT NULL THEN
        rank() OVER (PARTITION BY alike, development IS NULL ORDER BY development DESC) END AS similar_development
FROM scored
