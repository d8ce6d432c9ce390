-- Persons who may be participants by a link that somebody has yet to decide.
--
-- in:  links
SELECT DISTINCT CAST(pid AS BIGINT) AS person FROM links WHERE status = 'review' AND pid IS NOT NULL
