-- Which person each participant is, as far as it can be told; `accepted` where a rule proves it or the model is sure.
-- `score` is the chance of this person against all rivals and against nobody among them; rounded, since it rests on sums
-- whose order is no engine's promise. A participant whose link is `kept` proves that link and no other; he is here only
-- with persons whom others could be, and is no part of what comes out.
WITH odds AS (
    SELECT scored.*, power(2e0, least(weight, 500e0)) AS odds,
        number = 1 AND name >= 4 AND birth = 5 AND sex = 1 AND old_id <> 0 AND NOT taken AS mistyped,
        name = 5 AND birth = 5 AND sex = 1 AND place = 2 AS alike
    FROM scored
),
beside AS (
    SELECT odds.*,
        round(odds / (1e0 + sum(odds) OVER (PARTITION BY si)), 9) AS score,
        round(odds / (1e0 + sum(odds) OVER (PARTITION BY pid)), 9) AS claim,
        sum(CASE WHEN alike THEN 1 ELSE 0 END) OVER (PARTITION BY si) AS alike_persons,
        sum(CASE WHEN alike THEN 1 ELSE 0 END) OVER (PARTITION BY pid) AS alike_participants,
        sum(CASE WHEN mistyped THEN 1 ELSE 0 END) OVER (PARTITION BY si) AS mistyped_persons,
        sum(CASE WHEN mistyped THEN 1 ELSE 0 END) OVER (PARTITION BY pid) AS mistyped_participants,
        row_number() OVER (PARTITION BY si ORDER BY weight DESC, pid) AS place_in_si,
        row_number() OVER (PARTITION BY pid ORDER BY weight DESC, si) AS place_in_pid,
        max(odds) OVER (PARTITION BY si) AS best
    FROM odds
),
proved AS (
    SELECT beside.*, kept.si IS NOT NULL AS settled,
        CASE
            WHEN kept.si IS NOT NULL THEN CASE WHEN kept.pid = beside.pid THEN kept.rule END
            WHEN mistyped AND mistyped_persons = 1 AND mistyped_participants = 1 THEN 'number_mistyped'
            WHEN alike AND NOT taken AND old_id <> 0 AND alike_persons = 1 AND alike_participants = 1
                AND namesakes = 1 THEN 'name_birth_commune'
        END AS proof
    FROM beside
    LEFT JOIN kept ON kept.si = beside.si
),
ruled AS (
    SELECT proved.*,
        count(proof) OVER (PARTITION BY si) AS proofs,
        count(proof) OVER (PARTITION BY pid) AS proofs_of_person,
        sum(CASE WHEN odds * 1000 >= best THEN 1 ELSE 0 END) OVER (PARTITION BY si) AS close
    FROM proved
)
SELECT ruled.si, ruled.pid, ruled.taken, ruled.name, ruled.birth, ruled.sex, ruled.place, ruled.old_id, ruled.number,
    ruled.weight, ruled.score, ruled.place_in_si AS candidate,
    CAST(close - CASE WHEN odds * 1000 >= best THEN 1 ELSE 0 END AS BIGINT) AS rivals,
    CASE
        WHEN proof IS NOT NULL AND proofs = 1 AND proofs_of_person = 1 THEN proof
        WHEN proofs = 0 AND proofs_of_person = 0 AND NOT taken AND place_in_si = 1 AND place_in_pid = 1
            AND ruled.score >= threshold.score AND claim >= threshold.score
            -- Two letters are what a twin's name may differ by: only a number tells him from a mistyped name.
            AND (name >= 2 OR number >= 1 OR old_id = 1) THEN 'model'
    END AS rule
FROM ruled
CROSS JOIN threshold
WHERE NOT settled
