-- Participation of persons in compulsory and voluntary insurance, whole lives. What still runs ends after $last.
--
-- in:  spells, links, firms;  $last: the last month
SELECT
    l.pid, s.si_code, s.scheme, s.group_code, s.employer_id, f.firm,
    CAST(year(s.start_month) * 12 + month(s.start_month) - 1 AS BIGINT) AS from_no,
    CAST(coalesce(year(s.end_month) * 12 + month(s.end_month) - 1, $last + 1) AS BIGINT) AS to_no
FROM spells AS s
INNER JOIN links AS l ON l.si_code = s.si_code AND l.status = 'accepted'
LEFT JOIN (SELECT employer_id, min(firm) AS firm FROM firms WHERE certain GROUP BY employer_id) AS f
    ON f.employer_id = s.employer_id
WHERE s.scheme IN ('compulsory', 'voluntary')
    AND year(s.start_month) * 12 + month(s.start_month) - 1 <= $last
