-- Paid workers whom their payer's people do not explain, by name and day of birth among all residents: accepted where
-- the number told is one slip away; for review where nobody else in the country has this name and birth.
WITH left_over AS (
    SELECT one.*
    FROM workers_left AS one
    LEFT JOIN (SELECT DISTINCT worker FROM worker_names) AS known ON known.worker = one.worker
    WHERE known.worker IS NULL AND one.birth_date IS NOT NULL
),
found AS (
    SELECT one.worker, other.pid_number AS pid, one.pid AS number,
        levenshtein(pid_text(one.pid), pid_text(other.pid_number)) AS digits
    FROM left_over AS one
    JOIN population AS other ON other.full_key = one.full_key AND other.birth_date = one.birth_date
    LEFT JOIN rejected ON rejected.worker = one.worker AND rejected.pid = other.pid_number
    WHERE rejected.worker IS NULL
),
judged AS (
    -- Two neighbouring digits that changed places differ by 9, 18, … 81 and zeros.
    SELECT worker, pid,
        COALESCE(digits = 1 OR digits = 2 AND rtrim(CAST(abs(number - pid) AS VARCHAR), '0')
            IN ('9', '18', '27', '36', '45', '54', '63', '72', '81'), FALSE) AS slip
    FROM found
),
counted AS (
    SELECT judged.*, count(*) OVER (PARTITION BY worker) AS persons,
        sum(CASE WHEN slip THEN 1 ELSE 0 END) OVER (PARTITION BY worker) AS slips
    FROM judged
)
SELECT worker, pid, CASE WHEN slip THEN 'number_mistyped' ELSE 'name_birth' END AS rule, CAST(slips AS BIGINT) AS slips
FROM counted
WHERE slip AND slips = 1 OR slips = 0 AND persons = 1
