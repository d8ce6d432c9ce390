-- How each rule does: what became of its findings by the outcomes that the desk recorded, and how they were closed.
--
-- in:  findings  of this run, with those resolved now;  outcomes  finding_id, kind, outcome, on
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
found AS (
    SELECT
        kind, count(*) FILTER (WHERE status = 'open') AS open_now,
        count(*) FILTER (WHERE status = 'open' AND first_seen = $as_of) AS new_now,
        count(*) FILTER (WHERE resolved_how = 'joined') AS joined,
        count(*) FILTER (WHERE resolved_how = 'paid') AS paid,
        count(*) FILTER (WHERE resolved_how IN ('vanished', 'deceased')) AS vanished,
        sum(CASE WHEN resolved_how IN ('joined', 'paid') THEN date_diff('day', first_seen, resolved_on) END) AS days_to_join
    FROM findings
    GROUP BY kind
)
SELECT
    k.kind, CAST(coalesce(f.open_now, 0) AS BIGINT) AS open_now, CAST(coalesce(f.new_now, 0) AS BIGINT) AS new_now,
    CAST(coalesce(t.confirmed, 0) AS BIGINT) AS confirmed, CAST(coalesce(t.wrong, 0) AS BIGINT) AS wrong,
    CAST(coalesce(t.unanswered, 0) AS BIGINT) AS unanswered,
    CAST(coalesce(f.joined, 0) AS BIGINT) AS joined, CAST(coalesce(f.paid, 0) AS BIGINT) AS paid,
    CAST(coalesce(f.vanished, 0) AS BIGINT) AS vanished,
    CAST(f.days_to_join // nullif(f.joined + f.paid, 0) AS BIGINT) AS mean_days,
    -- (confirmed + a) / (confirmed + wrong + a + b), in thousandths
    CAST(round_div(
        (coalesce(t.confirmed, 0) + k.prior_right) * 1000,
        coalesce(t.confirmed, 0) + coalesce(t.wrong, 0) + k.prior_right + k.prior_wrong
    ) AS BIGINT) AS share
FROM kinds AS k
LEFT JOIN told AS t ON t.kind = k.kind
LEFT JOIN found AS f ON f.kind = k.kind
