-- The first month in which the register of benefits shows a pension of each person.
--
-- in:  benefits
SELECT si_code, pid, CAST(min(year(month) * 12 + month(month) - 1) AS INTEGER) AS retired_no
FROM benefits
WHERE benefit = 'pension'
GROUP BY si_code, pid
