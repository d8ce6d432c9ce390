-- Rows that tell of a year (`2026`) or a quarter (`2026-Q1`), with the numbers of its first month and of the month after its last.
--
-- in:  told
SELECT
    t.*,
    CAST(CASE WHEN length(t.period) = 4 THEN CAST(t.period AS INTEGER) * 12
        ELSE CAST(substr(t.period, 1, 4) AS INTEGER) * 12 + (CAST(substr(t.period, 7, 1) AS INTEGER) - 1) * 3 END AS BIGINT) AS from_no,
    CAST(CASE WHEN length(t.period) = 4 THEN CAST(t.period AS INTEGER) * 12 + 12
        ELSE CAST(substr(t.period, 1, 4) AS INTEGER) * 12 + CAST(substr(t.period, 7, 1) AS INTEGER) * 3 END AS BIGINT) AS to_no
FROM told AS t
