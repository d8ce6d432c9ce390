-- People declared in the newest month up to $last, and how many of them have a compulsory spell that covers it.
--
-- in:  declarations, spells;  $last
WITH newest AS (
    SELECT max(month) AS month FROM declarations WHERE month <= $last
),
declared AS (
    SELECT DISTINCT d.si_code FROM declarations AS d INNER JOIN newest AS n ON n.month = d.month
),
covered AS (
    SELECT DISTINCT s.si_code
    FROM spells AS s
    INNER JOIN newest AS n ON s.start_month <= n.month AND (s.end_month IS NULL OR s.end_month > n.month)
    WHERE s.scheme = 'compulsory'
)
SELECT count(*) AS whole, count(c.si_code) AS good
FROM declared AS d
LEFT JOIN covered AS c ON c.si_code = d.si_code
