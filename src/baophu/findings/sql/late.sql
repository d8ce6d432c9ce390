-- An employer's months that are not paid whole and stand in the law's class 'late' (`prepare/overdue.sql`).
-- Law 41/2024/QH15 arts. 38-41.
--
-- in:  overdue
SELECT
    subject, area_code, pid, si_code, employer_id, tax_code, from_no, to_no, months, amount, reason, limit_no, evidence
FROM overdue
WHERE class = 'late'
