-- Each nominated pair with how far its fields agree; the levels are those of the model (`model.py`), -1 is unknown.
-- `folded` holds the words of each name key in plain letters, on which both engines count letters alike.
WITH pair AS (
    SELECT paired.*,
        CASE WHEN paired.full_key = paired.other_key THEN 0 ELSE levenshtein(mine.words, theirs.words) END AS letters,
        levenshtein(pid_text(number), pid_text(pid)) AS digits
    FROM paired
    LEFT JOIN folded AS mine ON mine.full_key = paired.full_key
    LEFT JOIN folded AS theirs ON theirs.full_key = paired.other_key
)
SELECT si, pid, taken, namesakes, other_key, other_born, commune,
    CASE
        WHEN full_key = other_key THEN 5
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
