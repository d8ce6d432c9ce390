-- The cube with its words, a row a cell and month in which anybody is in it.
--
-- in:  cube  packed, n_01 … n_12;  leaves, scheme_names, sexes, grp_names, sector_names, bands
--      months  at: 0 is the month of n_01, month;  $place: managed or resident
WITH named AS (
    SELECT a.area_code, c.scheme, x.sex, b.age_band, g.grp, s.sector, u.*
    FROM cube AS u
    INNER JOIN leaves AS a ON a.area_no = u.packed // 2097152
    INNER JOIN scheme_names AS c ON c.scheme_no = u.packed // 32768 % 64
    INNER JOIN sexes AS x ON x.sex_no = u.packed // 8192 % 4
    INNER JOIN grp_names AS g ON g.grp_no = u.packed // 256 % 32
    INNER JOIN sector_names AS s ON s.sector_no = u.packed // 32 % 8
    INNER JOIN bands AS b ON b.band_no = u.packed % 32
),
by_month AS (
    SELECT
        n.area_code, m.month, n.scheme, n.sex, n.age_band, n.grp, n.sector,
        CASE m.at
            WHEN 0 THEN n.n_01 WHEN 1 THEN n.n_02 WHEN 2 THEN n.n_03 WHEN 3 THEN n.n_04 WHEN 4 THEN n.n_05
            WHEN 5 THEN n.n_06 WHEN 6 THEN n.n_07 WHEN 7 THEN n.n_08 WHEN 8 THEN n.n_09 WHEN 9 THEN n.n_10
            WHEN 10 THEN n.n_11 ELSE n.n_12
        END AS participants
    FROM named AS n
    CROSS JOIN months AS m
)
SELECT area_code, $place AS place, month, scheme, sex, age_band, grp, sector, participants
FROM by_month
WHERE participants > 0
