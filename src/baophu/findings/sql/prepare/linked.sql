-- Participants and the persons that they are for certain. Numbers of people and of firms are numbers here and in all that
-- follows, for what is joined by the ten million; claims write them as text again.
--
-- in:  links
SELECT CAST(si_code AS BIGINT) AS si, CAST(pid AS BIGINT) AS person FROM links WHERE status = 'accepted'
