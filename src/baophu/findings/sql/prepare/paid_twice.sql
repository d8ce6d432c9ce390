-- Whom a firm paid in several rows of one month: by contracts, by branches, or by a settlement over months.
--
-- in:  paid_years
SELECT person, firm FROM paid_years GROUP BY person, firm HAVING sum(paid_rows) > sum(bit_count(paid))
