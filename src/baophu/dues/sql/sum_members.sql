-- Whom of group b a month's sums count as members of unemployment insurance: one spell each, of that month.
--
-- in:  declarations  month, si_code, group_code, … of one month
--      spells        si_code, scheme, start_month, end_month
SELECT DISTINCT d.si_code, s.scheme, d.month AS start_month, CAST(NULL AS DATE) AS end_month
FROM declarations AS d
INNER JOIN spells AS s ON s.si_code = d.si_code
WHERE d.group_code = 'b'
    AND s.scheme = 'unemployment'
    AND s.start_month <= d.month
    AND (s.end_month IS NULL OR d.month < s.end_month)
