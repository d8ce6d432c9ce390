-- Pairs of which somebody has said that they are two people.
SELECT DISTINCT si_code AS si, pid FROM decisions WHERE NOT accepted
