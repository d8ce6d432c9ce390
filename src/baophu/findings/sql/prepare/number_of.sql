-- One social insurance number a person, to show; `numbers` tells how many he has.
--
-- in:  linked
SELECT person, min(si) AS si, max(si) AS last_si, CAST(count(*) AS BIGINT) AS numbers FROM linked GROUP BY person
