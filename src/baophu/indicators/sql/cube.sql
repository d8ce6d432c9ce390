-- The cube of up to twelve months in one pass: how many people of each kind and age band are in, by commune and month.
--
-- A person who passes into the next age band within the months is a piece before and one after; no band is as narrow as
-- the months are apart. `packed` holds area, kind and band in one number, which groups twice as fast as three columns.
--
-- in:  stretches  as stretches.sql gives them
--      cohorts    birth_no, band_no (before $month_01), next_no: when the next band begins, next_band_no
--      $resident: by where people live, else by where they are managed; $low, $high: the range of areas
--      $month_01 … $month_12: numbers of months, ascending, -1 where there is none; $last: the greatest
WITH chosen AS (
    SELECT
        CASE WHEN $resident THEN s.resident ELSE s.managed END AS area_no, s.kind, s.start_no, s.end_no,
        coalesce(c.band_no, 0) AS band_no, coalesce(c.next_no, 1000000) AS next_no, coalesce(c.next_band_no, 0) AS next_band_no
    FROM stretches AS s
    LEFT JOIN cohorts AS c ON c.birth_no = s.birth_no
    WHERE s.start_no <= $last AND s.end_no > $month_01
        AND CASE WHEN $resident THEN s.resident ELSE s.managed END BETWEEN $low AND $high
),
pieces AS (
    SELECT
        (CAST(area_no AS BIGINT) * 65536 + kind) * 32 + band_no AS packed, start_no, least(end_no, next_no) AS end_no
    FROM chosen
    UNION ALL
    SELECT
        (CAST(area_no AS BIGINT) * 65536 + kind) * 32 + next_band_no AS packed,
        greatest(start_no, next_no) AS start_no, end_no
    FROM chosen
    WHERE next_no <= $last
),
wide AS (
    SELECT
        packed,
        count(CASE WHEN start_no <= $month_01 AND $month_01 < end_no THEN 1 END) AS n_01,
        count(CASE WHEN start_no <= $month_02 AND $month_02 < end_no THEN 1 END) AS n_02,
        count(CASE WHEN start_no <= $month_03 AND $month_03 < end_no THEN 1 END) AS n_03,
        count(CASE WHEN start_no <= $month_04 AND $month_04 < end_no THEN 1 END) AS n_04,
        count(CASE WHEN start_no <= $month_05 AND $month_05 < end_no THEN 1 END) AS n_05,
        count(CASE WHEN start_no <= $month_06 AND $month_06 < end_no THEN 1 END) AS n_06,
        count(CASE WHEN start_no <= $month_07 AND $month_07 < end_no THEN 1 END) AS n_07,
        count(CASE WHEN start_no <= $month_08 AND $month_08 < end_no THEN 1 END) AS n_08,
        count(CASE WHEN start_no <= $month_09 AND $month_09 < end_no THEN 1 END) AS n_09,
        count(CASE WHEN start_no <= $month_10 AND $month_10 < end_no THEN 1 END) AS n_10,
        count(CASE WHEN start_no <= $month_11 AND $month_11 < end_no THEN 1 END) AS n_11,
        count(CASE WHEN start_no <= $month_12 AND $month_12 < end_no THEN 1 END) AS n_12
    FROM pieces
    GROUP BY packed
)
SELECT packed, CAST($month_01 AS INTEGER) AS month_no, n_01 AS participants FROM wide WHERE n_01 > 0
UNION ALL
SELECT packed, CAST($month_02 AS INTEGER) AS month_no, n_02 AS participants FROM wide WHERE n_02 > 0
UNION ALL
SELECT packed, CAST($month_03 AS INTEGER) AS month_no, n_03 AS participants FROM wide WHERE n_03 > 0
UNION ALL
SELECT packed, CAST($month_04 AS INTEGER) AS month_no, n_04 AS participants FROM wide WHERE n_04 > 0
UNION ALL
SELECT packed, CAST($month_05 AS INTEGER) AS month_no, n_05 AS participants FROM wide WHERE n_05 > 0
UNION ALL
SELECT packed, CAST($month_06 AS INTEGER) AS month_no, n_06 AS participants FROM wide WHERE n_06 > 0
UNION ALL
SELECT packed, CAST($month_07 AS INTEGER) AS month_no, n_07 AS participants FROM wide WHERE n_07 > 0
UNION ALL
SELECT packed, CAST($month_08 AS INTEGER) AS month_no, n_08 AS participants FROM wide WHERE n_08 > 0
UNION ALL
SELECT packed, CAST($month_09 AS INTEGER) AS month_no, n_09 AS participants FROM wide WHERE n_09 > 0
UNION ALL
SELECT packed, CAST($month_10 AS INTEGER) AS month_no, n_10 AS participants FROM wide WHERE n_10 > 0
UNION ALL
SELECT packed, CAST($month_11 AS INTEGER) AS month_no, n_11 AS participants FROM wide WHERE n_11 > 0
UNION ALL
SELECT packed, CAST($month_12 AS INTEGER) AS month_no, n_12 AS participants FROM wide WHERE n_12 > 0
