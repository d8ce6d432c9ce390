-- Participation of persons in compulsory and voluntary insurance, whole lives. What still runs ends after $last.
--
-- in:  spells, linked, declarers;  $last: the last month
SELECT
    l.person, l.si, s.scheme, s.group_code, s.employer_id, f.firm,
    CAST(year(s.start_month) * 12 + month(s.start_month) - 1 AS BIGINT) AS from_no,
    CAST(coalesce(year(s.end_month) * 12 + month(s.end_month) - 1, $last + 1) AS BIGINT) AS to_no
FROM spells AS s
INNER JOIN linked AS l ON l.si = CAST(s.si_code AS BIGINT)
LEFT JOIN declarers AS f ON f.employer_id = s.employer_id
WHERE s.scheme IN ('compulsory', 'voluntary')
    AND year(s.start_month) * 12 + month(s.start_month) - 1 <= $last
