-- Pay by the tax register, a row a worker, payer, kind of contract and month; pay of several months is spread over them.
-- Whom the linking did not accept is not here. `labour`: the contract makes participation compulsory;
-- `service`: it is one for services.
--
-- in:  worker_matches;  spread  covered, n: 0 … covered - 1
--      $first, $last: the months;  $most_months: a settlement is spread over no more;  $contract_months
SELECT
    CAST(w.pid AS BIGINT) AS person, tax_number(w.tax_code) AS payer, head_of(tax_number(w.tax_code)) AS firm,
    CAST(year(w.month) * 12 + month(w.month) - 1 - s.n AS BIGINT) AS month_no,
    CAST(w.income // coalesce(w.months_covered, 1) AS BIGINT) AS pay,
    CAST(w.insurance_deducted // coalesce(w.months_covered, 1) AS BIGINT) AS withheld,
    w.contract = 'service' AS service,
    w.contract = 'labour' AND coalesce(w.contract_months, $contract_months) >= $contract_months AS labour,
    w.load_id AS load, w.row_id
FROM worker_matches AS w
INNER JOIN spread AS s ON s.covered = least(coalesce(w.months_covered, 1), $most_months)
WHERE w.status = 'accepted' AND year(w.month) * 12 + month(w.month) - 1 - s.n BETWEEN $first AND $last
