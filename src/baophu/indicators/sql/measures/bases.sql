-- Bases of compulsory social insurance as they are declared for each month, and how many people have one, by the
-- employer's commune.
--
-- in:  sums  employer_id, month, si_people, si_base (VND);  employers;  placed  given_code, leaf_code;  $first, $month
WITH firms AS (
    SELECT e.employer_id, coalesce(p.leaf_code, 'unknown') AS area_code
    FROM employers AS e
    LEFT JOIN placed AS p ON p.given_code = e.commune_code
),
declared AS (
    SELECT
        coalesce(f.area_code, 'unknown') AS area_code, s.month,
        CAST(sum(s.si_people) AS BIGINT) AS with_base, CAST(sum(s.si_base) AS BIGINT) AS bases
    FROM sums AS s
    LEFT JOIN firms AS f ON f.employer_id = s.employer_id
    WHERE s.month BETWEEN $first AND $month
    GROUP BY coalesce(f.area_code, 'unknown'), s.month
)
SELECT area_code, 'managed' AS place, month, 'bases' AS measure, bases AS amount FROM declared
UNION ALL
SELECT area_code, 'managed' AS place, month, 'with_base' AS measure, with_base AS amount FROM declared
