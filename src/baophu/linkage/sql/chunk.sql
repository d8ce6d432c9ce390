-- One part of the participants to be compared, with how many participants share name, day of birth, sex and
-- commune with each: only who is alone in that can be told by it.
WITH here AS (
    SELECT * FROM asked WHERE si % $chunks = $chunk
),
identity AS (
    SELECT DISTINCT full_key, birth_date, sex, commune FROM here
),
counted AS (
    SELECT identity.full_key, identity.birth_date, identity.sex, identity.commune, count(*) AS participants
    FROM identity
    JOIN namesakes AS other
        ON other.full_key = identity.full_key AND other.birth_date = identity.birth_date
        AND other.sex = identity.sex AND other.commune = identity.commune
    GROUP BY identity.full_key, identity.birth_date, identity.sex, identity.commune
)
SELECT here.*, counted.participants AS namesakes
FROM here
LEFT JOIN counted
    ON counted.full_key = here.full_key AND counted.birth_date = here.birth_date
    AND counted.sex = here.sex AND counted.commune = here.commune
