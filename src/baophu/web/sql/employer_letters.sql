-- What the explanation of an employer's charges needs beside its dues: its region, and the demands that were sent.
SELECT
    e.employer_id, e.region,
    '[' || string_agg('["' || CAST(n.month AS VARCHAR) || '","' || CAST(n.sent_on AS VARCHAR) || '"]', ',' ORDER BY n.month, n.sent_on)
    || ']' AS letters
FROM employers AS e
LEFT JOIN notices AS n ON n.employer_id = e.employer_id
GROUP BY e.employer_id, e.region
ORDER BY e.employer_id
