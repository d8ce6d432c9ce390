-- Employers, and how many of them are joined to a taxpayer.
--
-- in:  employers, employer_links
SELECT
    (SELECT count(*) FROM employers) AS whole,
    (SELECT count(*) FROM employer_links WHERE status = 'accepted') AS good
