-- What the next run needs to keep the links that a rule has proved: in what state of things it did (`kin.sql`), and by
-- which program and model.
SELECT lpad(CAST(one.si AS VARCHAR), 10, '0') AS si_code, lpad(CAST(one.pid AS VARCHAR), 12, '0') AS pid, one.rule,
    one.score, one.rivals, kin.kin, $made_by AS made_by
FROM chosen AS one
JOIN unplaced ON unplaced.si = one.si
JOIN kin ON kin.set_key = unplaced.set_key AND kin.birth_date = unplaced.birth_date
WHERE one.rule IN ('number_mistyped', 'name_birth_commune')
UNION ALL
SELECT lpad(CAST(si AS VARCHAR), 10, '0'), lpad(CAST(pid AS VARCHAR), 12, '0'), rule, score, rivals, kin, $made_by
FROM kept
