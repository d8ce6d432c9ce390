-- Island communes and special zones, as the register of voluntary contributions knows them.
--
-- in:  voluntary
SELECT DISTINCT commune_code FROM voluntary WHERE support_group = 'island_commune'
