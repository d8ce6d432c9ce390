-- Links that a rule proved in the last run and that the same rule would prove again: the participant is still unplaced,
-- and all that decides the rule is as it was. With the score and the rivals of the run that made the link.
SELECT one.si, CAST(state.pid AS BIGINT) AS pid, state.rule, state.score, state.rivals, state.kin
FROM state
JOIN unplaced AS one ON one.si = CAST(state.si_code AS BIGINT)
JOIN kin ON kin.set_key = one.set_key AND kin.birth_date = one.birth_date AND kin.kin = state.kin
WHERE state.made_by = $made_by
