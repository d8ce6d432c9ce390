-- One social insurance number a person, to show; `numbers` tells how many he has.
--
-- in:  links
SELECT pid, min(si_code) AS si_code, max(si_code) AS last_si_code, CAST(count(*) AS BIGINT) AS numbers
FROM links
WHERE status = 'accepted'
GROUP BY pid
