-- All links: what people decided, what numbers prove, what is unique or the model is sure of, and of the doubtful the
-- likeliest person, for review, and what is kept of the last run. Only a number places two participants on one person,
-- so `taken` counts all who claim him. `rivals` are other persons who come close, or other participants who claim the person.
WITH accepted AS (
    SELECT si, pid, 'decision' AS rule, 1e0 AS score, CAST(0 AS BIGINT) AS rivals FROM decided
    UNION ALL
    SELECT si, pid, 'number', 1e0, CAST(0 AS BIGINT) FROM by_pid
    UNION ALL
    SELECT si, pid, 'old_number', 1e0, CAST(0 AS BIGINT) FROM by_old_id
    UNION ALL
    SELECT si, pid, rule, score, rivals FROM chosen WHERE rule IS NOT NULL
    UNION ALL
    SELECT si, pid, rule, score, rivals FROM kept
),
claimed AS (
    SELECT pid, participants - 1 AS others FROM taken WHERE participants > 1
),
doubtful AS (
    SELECT one.si, one.pid, one.score, one.rivals
    FROM chosen AS one
    LEFT JOIN (SELECT si FROM chosen WHERE rule IS NOT NULL) AS sure ON sure.si = one.si
    WHERE sure.si IS NULL AND one.candidate = 1
)
SELECT si_text(accepted.si) AS si_code, pid_text(accepted.pid) AS pid, rule,
    score, 'accepted' AS status, rivals + COALESCE(claimed.others, 0) AS rivals
FROM accepted
LEFT JOIN claimed ON claimed.pid = accepted.pid
UNION ALL
SELECT si_text(si), pid_text(pid), 'model', score, 'review', rivals
FROM doubtful
