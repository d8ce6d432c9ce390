-- Pairs of an employer and a business of which somebody has said that they are two.
SELECT DISTINCT employer_id, tax_code FROM decisions WHERE NOT accepted
