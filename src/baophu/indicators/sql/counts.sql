-- The cube with its words.
--
-- in:  cube  packed, month_no, participants;  leaves, months, scheme_names, sexes, grp_names, sector_names, bands
--      $place: managed or resident
WITH unpacked AS (
    SELECT
        packed // 2097152 AS area_no, packed // 32768 % 64 AS scheme_no, packed // 8192 % 4 AS sex_no,
        packed // 256 % 32 AS grp_no, packed // 32 % 8 AS sector_no, packed % 32 AS band_no,
        month_no, participants
    FROM cube
)
SELECT
    a.area_code, $place AS place, m.month, c.scheme, x.sex, b.age_band, g.grp, s.sector,
    CAST(u.participants AS BIGINT) AS participants
FROM unpacked AS u
INNER JOIN leaves AS a ON a.area_no = u.area_no
INNER JOIN months AS m ON m.month_no = u.month_no
INNER JOIN scheme_names AS c ON c.scheme_no = u.scheme_no
INNER JOIN sexes AS x ON x.sex_no = u.sex_no
INNER JOIN bands AS b ON b.band_no = u.band_no
INNER JOIN grp_names AS g ON g.grp_no = u.grp_no
INNER JOIN sector_names AS s ON s.sector_no = u.sector_no
