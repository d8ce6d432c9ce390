-- Until when each person has had health insurance, whatever the group.
--
-- in:  spells, links;  $last: the last month
SELECT
    l.pid, min(l.si_code) AS si_code,
    CAST(max(coalesce(year(s.end_month) * 12 + month(s.end_month) - 1, $last + 1)) AS BIGINT) AS to_no
FROM spells AS s
INNER JOIN links AS l ON l.si_code = s.si_code AND l.status = 'accepted'
WHERE s.scheme = 'health' AND year(s.start_month) * 12 + month(s.start_month) - 1 <= $last
GROUP BY l.pid
