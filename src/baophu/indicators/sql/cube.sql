-- The cube of up to twelve months in one pass: how many people of each kind and age band are in, by commune and month.
--
-- Nearly everybody is in one cell all the time. So people are first put together by cell, first month, month after the
-- last, and month in which the next age band begins; only these few rows are then told apart by month. All that they are
-- put together by stands in one number, which groups twice as fast as columns. No band is as narrow as the months are
-- apart, so at most one band begins.
--
-- in:  stretches  as stretches.sql gives them
--      cohorts    every birth_no, band_no (in the first month), next_at: how many months after that the next band begins, or 63
--      $resident: by where people live, else by where they are managed; $low, $high: the range of areas
--      $first, $last: the first and last month's numbers; $at_01 … $at_12: how many months after the first each is, or -1
-- out: packed (area, kind and band), n_01 … n_12
WITH together AS (
    SELECT
        ((((CAST(CASE WHEN $resident THEN s.resident ELSE s.managed END AS BIGINT) * 65536 + s.kind) * 32
            + c.band_no) * 64 + c.next_at) * 64
            + greatest(s.start_no - $first, 0)) * 64 + least(s.end_no - $first, $last - $first + 1) AS joined,
        count(*) AS people
    FROM stretches AS s
    INNER JOIN cohorts AS c ON c.birth_no = s.birth_no
    WHERE s.start_no <= $last AND s.end_no > $first
        AND CASE WHEN $resident THEN s.resident ELSE s.managed END BETWEEN $low AND $high
    GROUP BY 1
),
apart AS (
    SELECT
        joined // 262144 AS packed, joined // 4096 % 64 AS next_at, joined // 64 % 64 AS from_at, joined % 64 AS to_at, people
    FROM together
),
-- the half before the next band begins, and the one from then on
halves AS (
    SELECT 1 AS half UNION ALL SELECT 2 AS half
),
pieces AS (
    SELECT
        a.packed + h.half - 1 AS packed,
        CASE h.half WHEN 1 THEN a.from_at ELSE greatest(a.from_at, a.next_at) END AS from_at,
        CASE h.half WHEN 1 THEN least(a.to_at, a.next_at) ELSE a.to_at END AS to_at,
        a.people
    FROM apart AS a
    INNER JOIN halves AS h
        ON (h.half = 1 AND a.from_at < a.next_at) OR (h.half = 2 AND a.next_at < a.to_at)
)
SELECT
    packed,
    CAST(sum(CASE WHEN from_at <= $at_01 AND $at_01 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_01,
    CAST(sum(CASE WHEN from_at <= $at_02 AND $at_02 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_02,
    CAST(sum(CASE WHEN from_at <= $at_03 AND $at_03 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_03,
    CAST(sum(CASE WHEN from_at <= $at_04 AND $at_04 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_04,
    CAST(sum(CASE WHEN from_at <= $at_05 AND $at_05 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_05,
    CAST(sum(CASE WHEN from_at <= $at_06 AND $at_06 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_06,
    CAST(sum(CASE WHEN from_at <= $at_07 AND $at_07 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_07,
    CAST(sum(CASE WHEN from_at <= $at_08 AND $at_08 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_08,
    CAST(sum(CASE WHEN from_at <= $at_09 AND $at_09 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_09,
    CAST(sum(CASE WHEN from_at <= $at_10 AND $at_10 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_10,
    CAST(sum(CASE WHEN from_at <= $at_11 AND $at_11 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_11,
    CAST(sum(CASE WHEN from_at <= $at_12 AND $at_12 < to_at THEN people ELSE 0 END) AS BIGINT) AS n_12
FROM pieces
GROUP BY packed
