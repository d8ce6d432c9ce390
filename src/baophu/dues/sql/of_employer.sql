-- The rows of one employer in a register.
--
-- in:  rows  any register with employer_id
--      $employer
SELECT * FROM rows WHERE employer_id = $employer
