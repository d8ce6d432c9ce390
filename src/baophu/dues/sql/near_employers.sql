-- The employers whose codes come nearest to what was written.
--
-- in:  employers  employer_id
--      $employer
SELECT employer_id FROM employers ORDER BY levenshtein(employer_id, $employer), employer_id LIMIT 3
