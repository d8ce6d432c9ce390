-- What people decided comes first: links that somebody accepted, as long as both sides are still there.
SELECT one.si_code AS si, one.pid
FROM decisions AS one
JOIN (SELECT si_code_number AS si FROM participants) AS participant ON participant.si = one.si_code
JOIN (SELECT pid_number AS pid FROM population) AS person ON person.pid = one.pid
WHERE one.accepted
