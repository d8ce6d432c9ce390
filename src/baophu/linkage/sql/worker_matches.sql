-- The rows of one load of the tax register with the person that each is, and with the pay that they tell of, so that who
-- asks for a person's pay need not look for it among all rows once more. Words of a few kinds are carried and written as
-- numbers of a list: as texts they take a quarter of this step.
--
-- in:  tax_income, workers, matched_workers;  before  file, load_id, rows: how many the files of the load before it have
SELECT before.load_id, before.rows + one._row - 1 AS row_id, one.tax_code,
    found.pid, found.rule, found.score, found.status, found.rivals, one.month,
    one.income, one.insurance_deducted, one.months_covered, one.contract, one.contract_months
FROM tax_income AS one
JOIN before ON before.file = one._file
JOIN workers AS worker
    ON COALESCE(worker.payer, -1) = COALESCE(one.tax_code_number, -1)
    AND (worker.payer IS NOT NULL OR worker.tax_code = one.tax_code) AND worker.full_key = one.full_key
    AND COALESCE(worker.pid, -1) = COALESCE(one.pid_number, -1)
    AND COALESCE(worker.birth_date, DATE '1000-01-01') = COALESCE(one.birth_date, DATE '1000-01-01')
JOIN (
    SELECT
        worker, pid_text(pid) AS pid, score, rivals, CAST(status AS ENUM('accepted', 'review')) AS status,
        CAST(rule AS ENUM(
            'decision', 'number', 'number_letters', 'number_mistyped', 'payer_name_birth', 'payer_name', 'payer_letters',
            'name_birth'
        )) AS rule
    FROM matched_workers
) AS found ON found.worker = worker.worker
