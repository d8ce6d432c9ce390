-- What findings would bring: the sums that would be owed, each once, and the charges on them, by what they rest on.
--
-- in:  charges  of findings: finding_id, month, fund, amount, charge, basis
WITH owed AS (
    SELECT basis, finding_id, month, fund, max(amount) AS amount, sum(charge) AS charge
    FROM charges
    GROUP BY basis, finding_id, month, fund
)
SELECT
    basis,
    CAST(count(DISTINCT finding_id) AS BIGINT) AS findings,
    CAST(sum(amount) AS BIGINT) AS amount,
    CAST(sum(charge) AS BIGINT) AS charge
FROM owed
GROUP BY basis
