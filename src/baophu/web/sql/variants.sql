-- What can be measured: an indicator, counted where and with whom, in which months. `series` names them by number.
SELECT
    row_number() OVER (ORDER BY indicator, place, scope, months) AS variant, indicator, place, scope, months
FROM (SELECT DISTINCT indicator, place, scope, months FROM packed)
ORDER BY variant
