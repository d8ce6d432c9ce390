-- Each nominated pair with how far its fields agree; the levels are those of the model (`model.py`), -1 is unknown.
-- `folded` holds the words of each name key in plain letters, on which both engines count letters alike.
WITH pair AS (
    SELECT one.si, other.pid_number AS pid,
        one.full_key = other.full_key AS same_name, one.set_key = other.set_key AS same_words,
        one.family_key = other.family_key AND one.given_key = other.given_key AS same_ends,
        one.given_key = other.given_key AS same_given,
        CASE WHEN one.full_key = other.full_key THEN 0 ELSE levenshtein(mine.words, theirs.words) END AS letters,
        one.birth_date AS born, other.birth_date AS other_born, one.birth_year AS born_year,
        COALESCE(other.birth_year, year(other.birth_date)) AS other_year,
        one.sex AS sex, other.sex AS other_sex, one.commune AS commune, other.commune_code AS other_commune,
        one.province AS province, there.province AS other_province,
        one.old_id AS old_id, other.old_id_number AS other_old_id, one.pid AS number, other.full_key AS other_key,
        levenshtein(lpad(CAST(one.pid AS VARCHAR), 12, '0'), lpad(CAST(other.pid_number AS VARCHAR), 12, '0')) AS digits,
        taken.pid IS NOT NULL AS taken, one.namesakes
    FROM nominations
    JOIN chunk AS one ON one.si = nominations.si
    JOIN population AS other ON other.pid_number = nominations.pid
    LEFT JOIN communes AS there ON there.commune = other.commune_code
    LEFT JOIN folded AS mine ON mine.full_key = one.full_key
    LEFT JOIN folded AS theirs ON theirs.full_key = other.full_key
    LEFT JOIN taken ON taken.pid = other.pid_number
    LEFT JOIN rejected ON rejected.si = nominations.si AND rejected.pid = nominations.pid
    WHERE rejected.si IS NULL
)
SELECT si, pid, taken, namesakes, other_key, other_born, commune,
    CASE
        WHEN same_name THEN 5
        WHEN same_words THEN 4
        WHEN letters <= 1 THEN 3
        WHEN same_ends THEN 2
        WHEN letters <= 2 THEN 1
        WHEN letters IS NULL THEN -1
        ELSE 0
    END AS name,
    CASE
        WHEN born = other_born THEN 5
        WHEN month(born) = day(other_born) AND day(born) = month(other_born) AND born_year = other_year THEN 4
        WHEN month(born) = month(other_born) AND day(born) = day(other_born) AND abs(born_year - other_year) = 1 THEN 3
        WHEN born_year = other_year AND (born IS NULL OR other_born IS NULL) THEN 2
        WHEN born_year = other_year THEN 1
        WHEN born_year IS NULL OR other_year IS NULL THEN -1
        ELSE 0
    END AS birth,
    CASE WHEN sex = other_sex THEN 1 WHEN sex IS NULL OR other_sex IS NULL THEN -1 ELSE 0 END AS sex,
    CASE
        WHEN commune = other_commune THEN 2
        WHEN province = other_province THEN 1
        WHEN province IS NULL OR other_province IS NULL THEN -1
        ELSE 0
    END AS place,
    CASE WHEN old_id = other_old_id THEN 1 WHEN old_id IS NULL OR other_old_id IS NULL THEN -1 ELSE 0 END AS old_id,
    -- A slip of one digit, or two neighbours that changed places: their difference is 9, 18, … 81 and zeros.
    CASE
        WHEN digits = 0 THEN 2
        WHEN digits = 1 THEN 1
        WHEN digits = 2 AND rtrim(CAST(abs(number - pid) AS VARCHAR), '0')
            IN ('9', '18', '27', '36', '45', '54', '63', '72', '81') THEN 1
        WHEN digits IS NULL THEN -1
        ELSE 0
    END AS number
FROM pair
