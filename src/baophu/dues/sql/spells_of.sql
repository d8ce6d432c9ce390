-- The spells of unemployment insurance of the people in some declarations.
--
-- in:  spells        si_code, scheme, start_month, end_month
--      declarations  si_code
SELECT s.si_code, s.scheme, s.start_month, s.end_month
FROM spells AS s
INNER JOIN (SELECT DISTINCT si_code FROM declarations) AS d ON d.si_code = s.si_code
WHERE s.scheme = 'unemployment'
