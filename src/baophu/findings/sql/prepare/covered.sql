-- Until when each person has had health insurance, whatever the group.
--
-- in:  spells, linked;  $last: the last month
SELECT
    l.person, min(l.si) AS si,
    CAST(max(coalesce(year(s.end_month) * 12 + month(s.end_month) - 1, $last + 1)) AS BIGINT) AS to_no
FROM spells AS s
INNER JOIN linked AS l ON l.si = CAST(s.si_code AS BIGINT)
WHERE s.scheme = 'health' AND year(s.start_month) * 12 + month(s.start_month) - 1 <= $last
GROUP BY l.person
