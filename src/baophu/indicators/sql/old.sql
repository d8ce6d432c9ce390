-- Who reaches retirement age by the last month, and where he lives.
--
-- in:  population;  retirement  sex, birth_no, retires_no;  $last
SELECT CAST(p.pid AS BIGINT) AS pid, p.commune_code, r.retires_no
FROM population AS p
INNER JOIN retirement AS r
    ON r.sex = p.sex
    AND r.birth_no = CASE WHEN p.birth_date IS NULL THEN p.birth_year * 12 ELSE year(p.birth_date) * 12 + month(p.birth_date) - 1 END
WHERE r.retires_no <= $last
