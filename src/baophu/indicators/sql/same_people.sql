-- Participants who, by the accepted links, have several insurance numbers, each with the number that stands for all.
--
-- in:  links  si_code, pid, status, …
SELECT l.si_code, p.person
FROM links AS l
INNER JOIN (
    SELECT pid, min(si_code) AS person
    FROM links
    WHERE status = 'accepted' AND pid IS NOT NULL
    GROUP BY pid
    HAVING count(DISTINCT si_code) > 1
) AS p ON p.pid = l.pid
WHERE l.status = 'accepted'
