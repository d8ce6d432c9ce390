-- Participants who, by the accepted links, have several insurance numbers, each with the number that stands for all.
--
-- in:  links  si_code, pid, status, …
WITH linked AS (
    SELECT CAST(si_code AS BIGINT) AS si, CAST(pid AS BIGINT) AS pid FROM links WHERE status = 'accepted' AND pid IS NOT NULL
)
SELECT l.si, p.person
FROM linked AS l
INNER JOIN (
    SELECT pid, min(si) AS person FROM linked GROUP BY pid HAVING min(si) <> max(si)
) AS p ON p.pid = l.pid
