-- All links of employers. Accepted: what people decided, a code that name or commune bears out, or a name that is alone in its commune. For
-- review: a code that both contradict, a name that several share, a name all but two letters the same.
WITH code AS (
    SELECT codes.employer_id, codes.tax_code, codes.rule, codes.rivals,
        codes.agrees OR (codes.rivals = 0 AND other_way.employer_id IS NOT NULL) AS sure
    FROM codes
    LEFT JOIN (
        SELECT DISTINCT spelled.employer_id, spelled.full_key FROM spelled
    ) AS other_way ON other_way.employer_id = codes.employer_id AND other_way.full_key = codes.business_key
),
close AS (
    SELECT neighbours.employer_id, neighbours.tax_code, min(levenshtein(spelled.words, folded.words)) AS letters
    FROM neighbours
    JOIN spelled ON spelled.employer_id = neighbours.employer_id
    JOIN folded ON folded.full_key = neighbours.full_key
    GROUP BY neighbours.employer_id, neighbours.tax_code
),
every AS (
    SELECT employer_id, tax_code, 'decision' AS rule, 0 AS preference, TRUE AS sure, CAST(0 AS BIGINT) AS rivals FROM decided
    UNION ALL
    SELECT employer_id, tax_code, rule, 1, sure, rivals FROM code WHERE sure
    UNION ALL
    SELECT employer_id, tax_code, 'name_commune', 2, TRUE, rivals + claims FROM names WHERE rivals = 0 AND claims = 0
    UNION ALL
    SELECT employer_id, tax_code, rule, 3, FALSE, rivals FROM code WHERE NOT sure
    UNION ALL
    SELECT employer_id, tax_code, 'name_commune', 4, FALSE, rivals + claims FROM names WHERE rivals + claims > 0
    UNION ALL
    SELECT employer_id, tax_code, 'name_close', 5, FALSE, CAST(count(*) OVER (PARTITION BY employer_id) - 1 AS BIGINT)
    FROM close WHERE letters <= 2
),
first AS (
    SELECT every.*, row_number() OVER (PARTITION BY employer_id ORDER BY preference, tax_code) AS place
    FROM every
)
SELECT employer_id, tax_code, rule, CASE WHEN sure THEN 1e0 ELSE 5e-1 / (1 + rivals) END AS score,
    CASE WHEN sure THEN 'accepted' ELSE 'review' END AS status, rivals,
    CASE WHEN length(tax_code) = 13 THEN substr(tax_code, 1, 10) ELSE tax_code END AS head_tax_code
FROM first
WHERE place = 1
