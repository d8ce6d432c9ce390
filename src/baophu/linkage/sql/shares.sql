-- Which share of all residents has a value, for the values that nominated pairs agree in: an agreement in what few
-- people have says more. From the whole register, since a part of it would make rare what is common.
WITH named AS (SELECT DISTINCT other_key AS full_key FROM compared WHERE name >= 4),
born AS (SELECT DISTINCT other_born AS birth_date FROM compared WHERE birth >= 3)
SELECT 'name' AS field, CAST(one.full_key AS VARCHAR) AS code, CAST(count(*) AS BIGINT) AS people
FROM named JOIN population AS one ON one.full_key = named.full_key
GROUP BY one.full_key
UNION ALL
SELECT 'birth', CAST(one.birth_date AS VARCHAR), CAST(count(*) AS BIGINT)
FROM born JOIN population AS one ON one.birth_date = born.birth_date
GROUP BY one.birth_date
UNION ALL
SELECT 'place', one.commune_code, CAST(count(*) AS BIGINT)
FROM population AS one
WHERE one.commune_code IS NOT NULL
GROUP BY one.commune_code
