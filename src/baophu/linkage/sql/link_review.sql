-- What is left to people: each doubtful participant with the persons it could be, the likeliest first, and in what they
-- agree; also those for whom nobody was found. `linked` tells a person whom another participant is linked to.
WITH sure AS (SELECT si FROM chosen WHERE rule IS NOT NULL)
SELECT si_text(one.si) AS si_code, pid_text(one.pid) AS pid,
    CAST(one.candidate AS BIGINT) AS candidate, one.score, one.weight, one.name, one.birth, one.sex, one.place,
    one.old_id, one.number, one.taken AS linked
FROM chosen AS one
LEFT JOIN sure ON sure.si = one.si
WHERE sure.si IS NULL AND one.candidate <= 10
UNION ALL
SELECT si_text(unsettled.si), NULL, CAST(0 AS BIGINT), 0e0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM unsettled
LEFT JOIN (SELECT DISTINCT si FROM chosen) AS known ON known.si = unsettled.si
WHERE known.si IS NULL
