-- Residents, with what the law asks of a person: when he was born, reaches retirement age, died. Months are numbers:
-- year * 12 + month - 1. Of an unknown birth date, 1 January counts (Decree 135/2020/NĐ-CP art. 3).
--
-- in:  population  the register
--      retirement  sex, birth_no, retires_no: the month in which the normal retirement age is reached
WITH born AS (
    SELECT
        CAST(pid AS BIGINT) AS person, commune_code, sex, poverty, ethnic,
        CAST(CASE WHEN birth_date IS NULL THEN birth_year * 12 ELSE year(birth_date) * 12 + month(birth_date) - 1 END AS BIGINT)
            AS birth_no,
        CAST(year(deceased_on) * 12 + month(deceased_on) - 1 AS BIGINT) AS died_no
    FROM population
)
SELECT b.person, b.commune_code, b.sex, b.poverty, b.ethnic, b.birth_no, b.died_no, r.retires_no
FROM born AS b
LEFT JOIN retirement AS r ON r.sex = b.sex AND r.birth_no = b.birth_no
