-- Pay by the tax register, a row a worker, payer, kind of contract and month; pay of several months is spread over them.
-- Whom the linking did not accept is not here.
--
-- in:  tax_income, of one load;  worker_matches;  spread  covered, n: 0 … covered - 1
--      before  file, rows: how many rows of the load come before those of a file
--      $load: the load;  $first, $last: the months;  $most_months: a settlement is spread over no more
SELECT
    w.pid, t.tax_code,
    CASE WHEN length(t.tax_code) = 13 THEN substr(t.tax_code, 1, 10) ELSE t.tax_code END AS firm,
    CAST(year(t.month) * 12 + month(t.month) - 1 - s.n AS BIGINT) AS month_no,
    CAST(t.income // coalesce(t.months_covered, 1) AS BIGINT) AS pay,
    CAST(t.insurance_deducted // coalesce(t.months_covered, 1) AS BIGINT) AS withheld,
    t.contract, t.contract_months, $load AS load, w.row_id
FROM tax_income AS t
INNER JOIN before ON before.file = t._file
INNER JOIN worker_matches AS w ON w.load_id = $load AND w.row_id = before.rows + t._row - 1 AND w.status = 'accepted'
INNER JOIN spread AS s ON s.covered = least(coalesce(t.months_covered, 1), $most_months)
WHERE year(t.month) * 12 + month(t.month) - 1 - s.n BETWEEN $first AND $last
