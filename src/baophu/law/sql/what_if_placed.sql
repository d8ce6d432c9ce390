-- The sums of employers and groups with the employer's sector and province.
-- cells: sums by employer_id, group_code, region. provinces: commune_code, place.
SELECT c.*, e.sector, coalesce(p.place, '') AS place
FROM cells AS c
JOIN employers AS e ON e.employer_id = c.employer_id
LEFT JOIN provinces AS p ON p.commune_code = e.commune_code
