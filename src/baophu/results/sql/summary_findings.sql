-- Findings by kind and status, with the amount a month that is at stake.
--
-- in:  findings  kind, status, amount, …
SELECT
    kind, status,
    CAST(count(*) AS BIGINT) AS findings,
    CAST(sum(COALESCE(amount, 0)) AS BIGINT) AS amount
FROM findings
GROUP BY kind, status
