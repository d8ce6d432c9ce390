-- Rows of pay that the tax register names, and how many of them are matched to a person.
--
-- in:  tax_income, worker_matches
SELECT
    (SELECT count(*) FROM tax_income) AS whole,
    (SELECT count(*) FROM worker_matches WHERE status = 'accepted') AS good
