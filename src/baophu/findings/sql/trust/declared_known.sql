-- People declared in the newest month up to $last, and how many of them the register of participants knows.
--
-- in:  declarations, participants;  $last
WITH declared AS (
    SELECT DISTINCT si_code FROM declarations
    WHERE month = (SELECT max(month) FROM declarations WHERE month <= $last)
)
SELECT count(*) AS whole, count(p.si_code) AS good
FROM declared AS d
LEFT JOIN participants AS p ON p.si_code = d.si_code
