-- Measures of every area: the sum of the leaves below it. So the country is the sum of provinces, of communes, and of what
-- is not known.
--
-- in:  measures  area_code, place, month, measure, amount;  above  leaf_code, area_code
SELECT b.area_code, m.place, m.month, m.measure, CAST(sum(m.amount) AS BIGINT) AS amount
FROM measures AS m
INNER JOIN above AS b ON b.leaf_code = m.area_code
GROUP BY b.area_code, m.place, m.month, m.measure
