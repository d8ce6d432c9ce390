-- What officers made of each rule's findings so far: the last word on each, its share of right ones, what it cost, and
-- whether the rule fell under the agency's floor.
--
-- in:  kinds  kind, prior_right, prior_wrong;  outcomes  finding_id, kind, outcome, on, cost
--      $floor_right: 0 to 1000; $floor_told: outcomes that it takes to hold a rule against the floor
WITH last_word AS (
    SELECT finding_id, kind, outcome, row_number() OVER (PARTITION BY finding_id ORDER BY "on" DESC, outcome) AS place
    FROM outcomes
),
told AS (
    SELECT
        kind,
        count(*) FILTER (WHERE outcome = 'confirmed') AS confirmed,
        count(*) FILTER (WHERE outcome = 'wrong') AS wrong,
        count(*) FILTER (WHERE outcome = 'unanswered') AS unanswered
    FROM last_word
    WHERE place = 1
    GROUP BY kind
),
spent AS (
    -- A case may cost more than once: a letter, then a visit.
    SELECT kind, CAST(sum(cost) AS BIGINT) AS cost, count(DISTINCT CASE WHEN cost IS NOT NULL THEN finding_id END) AS costed
    FROM outcomes
    GROUP BY kind
)
SELECT
    k.kind,
    CAST(coalesce(t.confirmed, 0) AS BIGINT) AS confirmed, CAST(coalesce(t.wrong, 0) AS BIGINT) AS wrong,
    CAST(coalesce(t.unanswered, 0) AS BIGINT) AS unanswered,
    -- (confirmed + a) / (confirmed + wrong + a + b), in thousandths
    CAST(round_div(
        (coalesce(t.confirmed, 0) + k.prior_right) * 1000,
        coalesce(t.confirmed, 0) + coalesce(t.wrong, 0) + k.prior_right + k.prior_wrong
    ) AS BIGINT) AS share,
    s.cost, CAST(s.cost // nullif(s.costed, 0) AS BIGINT) AS cost_of_a_case,
    coalesce(t.confirmed, 0) + coalesce(t.wrong, 0) >= $floor_told
        AND coalesce(t.confirmed, 0) * 1000 < (coalesce(t.confirmed, 0) + coalesce(t.wrong, 0)) * $floor_right AS held
FROM kinds AS k
LEFT JOIN told AS t ON t.kind = k.kind
LEFT JOIN spent AS s ON s.kind = k.kind
