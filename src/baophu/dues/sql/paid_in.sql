-- The payments of employers with dues, by the employer's number, so that a range of employers reads only its own.
--
-- in:  payments  employer_id, paid_on, amount
--      lines     employer_id, line
--      $as_of: what came in later is not known yet
SELECT l.line, p.paid_on, p.amount
FROM payments AS p
INNER JOIN lines AS l ON l.employer_id = p.employer_id
WHERE p.paid_on <= $as_of
ORDER BY l.line
