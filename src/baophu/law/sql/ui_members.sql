-- Participants of group b with a spell of unemployment insurance that covers the month; one row each.
SELECT DISTINCT d.month, d.si_code
FROM declarations AS d
JOIN spells AS s ON s.si_code = d.si_code
WHERE d.group_code = 'b'
    AND s.scheme = 'unemployment'
    AND s.start_month <= d.month
    AND (s.end_month IS NULL OR d.month < s.end_month)
