-- Pairs of which somebody has said that they are two people.
SELECT DISTINCT si, pid FROM decisions WHERE NOT accepted
