-- Participants, and how many of them are joined to a person.
--
-- in:  participants, links
SELECT
    (SELECT count(*) FROM participants) AS whole,
    (SELECT count(*) FROM links WHERE status = 'accepted') AS good
