-- Paid workers, each once: what one payer says of one person, however many months he says it. Their numbers hold within
-- one run, in no order.
SELECT row_number() OVER (ORDER BY NULL) AS worker,
    tax_code_number AS payer, tax_code, pid_number AS pid, full_key, birth_date, min(set_key) AS set_key,
    min(family_key) AS family_key, min(given_key) AS given_key
FROM tax_income
GROUP BY tax_code_number, tax_code, pid_number, full_key, birth_date
