-- The odds of each pair: those before anything is compared, times what each field's agreement says (Fellegi and Sunter,
-- J. Am. Stat. Assoc. 64, 1969): m / u, where u is the share of people with the value, or what the model has learnt.
WITH level AS (
    SELECT compared.*, shared_name.people AS namesakes_there, shared_birth.people AS birthmates,
        shared_place.people AS neighbours
    FROM compared
    LEFT JOIN shares AS shared_name
        ON shared_name.field = 'name' AND shared_name.code = CAST(compared.other_key AS VARCHAR)
    LEFT JOIN shares AS shared_birth
        ON shared_birth.field = 'birth' AND shared_birth.code = CAST(compared.other_born AS VARCHAR)
    LEFT JOIN shares AS shared_place ON shared_place.field = 'place' AND shared_place.code = compared.commune
),
weighed AS (
    SELECT level.*,
        COALESCE(name_weight.weight + CASE WHEN name_weight.by_value
            THEN log2(CAST(prior.persons AS DOUBLE) / namesakes_there) ELSE 0e0 END, 0e0)
        + COALESCE(birth_weight.weight + CASE WHEN birth_weight.by_value
            THEN log2(CAST(prior.persons AS DOUBLE) / birthmates) ELSE 0e0 END, 0e0)
        + COALESCE(place_weight.weight + CASE WHEN place_weight.by_value
            THEN log2(CAST(prior.persons AS DOUBLE) / neighbours) ELSE 0e0 END, 0e0)
        + COALESCE(sex_weight.weight, 0e0)
        + COALESCE(old_weight.weight + CASE WHEN old_weight.by_value
            THEN log2(CAST(prior.persons AS DOUBLE)) ELSE 0e0 END, 0e0)
        + COALESCE(number_weight.weight + CASE WHEN number_weight.by_value
            THEN log2(CAST(prior.persons AS DOUBLE)) ELSE 0e0 END, 0e0)
        + CASE WHEN taken THEN prior.taken_weight ELSE prior.free_weight END AS weight
    FROM level
    CROSS JOIN prior
    LEFT JOIN weights AS name_weight ON name_weight.field = 'name' AND name_weight.level = level.name
    LEFT JOIN weights AS birth_weight ON birth_weight.field = 'birth' AND birth_weight.level = level.birth
    LEFT JOIN weights AS place_weight ON place_weight.field = 'place' AND place_weight.level = level.place
    LEFT JOIN weights AS sex_weight ON sex_weight.field = 'sex' AND sex_weight.level = level.sex
    LEFT JOIN weights AS old_weight ON old_weight.field = 'old_id' AND old_weight.level = level.old_id
    LEFT JOIN weights AS number_weight ON number_weight.field = 'number' AND number_weight.level = level.number
)
-- Rounded, since two engines' logarithms differ in the last place, and a tie must be a tie on both.
SELECT si, pid, taken, namesakes, name, birth, sex, place, old_id, number, round(weight, 9) AS weight
FROM weighed
