-- What the next run needs to keep the links that a rule has proved: in what state of things it did (`kin.sql`), and by
-- which program and model.
SELECT si_text(one.si) AS si_code, pid_text(one.pid) AS pid, one.rule,
    one.score, one.rivals, kin.kin, $made_by AS made_by
FROM chosen AS one
JOIN unplaced ON unplaced.si = one.si
JOIN kin ON kin.set_key = unplaced.set_key AND kin.birth_date = unplaced.birth_date
WHERE one.rule IN ('number_mistyped', 'name_birth_commune')
UNION ALL
SELECT si_text(si), pid_text(pid), rule, score, rivals, kin, $made_by
FROM kept
