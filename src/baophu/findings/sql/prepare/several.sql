-- The pay of those who were paid in several rows of one month; they are few, and theirs alone is to be added up.
--
-- in:  income, paid_twice
SELECT c.* FROM income AS c INNER JOIN paid_twice AS t ON t.person = c.person AND t.firm = c.firm
