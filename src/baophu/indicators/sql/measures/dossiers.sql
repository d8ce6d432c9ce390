-- Dossiers settled in a month: how many, how many online or digitised, how many rated, how many rated 4 or 5 of 5.
--
-- in:  dossiers, placed, months
WITH settled AS (
    SELECT coalesce(p.leaf_code, 'unknown') AS area_code, m.month, d.channel, d.digitised, d.rating
    FROM dossiers AS d
    INNER JOIN months AS m ON m.month = CAST(date_trunc('month', d.settled_on) AS DATE)
    LEFT JOIN placed AS p ON p.given_code = d.area_code
),
told AS (
    SELECT area_code, month, 'settled' AS measure, count(*) AS amount FROM settled GROUP BY area_code, month
    UNION ALL
    SELECT area_code, month, 'settled_online' AS measure, count(*) AS amount FROM settled
    WHERE channel IN ('online_full', 'online_part') OR digitised GROUP BY area_code, month
    UNION ALL
    SELECT area_code, month, 'rated' AS measure, count(*) AS amount FROM settled
    WHERE rating IS NOT NULL GROUP BY area_code, month
    UNION ALL
    SELECT area_code, month, 'rated_good' AS measure, count(*) AS amount FROM settled
    WHERE rating >= 4 GROUP BY area_code, month
)
SELECT area_code, 'managed' AS place, month, measure, CAST(amount AS BIGINT) AS amount FROM told
