-- Participants whom no number places at all: those of `rest` whose old card's number is nobody's either.
SELECT rest.*
FROM rest
LEFT JOIN placed ON placed.si = rest.si
WHERE placed.si IS NULL
