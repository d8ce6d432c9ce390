-- The places of areas among their peers, a row for each peer group and criterion.
--
-- in:  followed;  labels  target_no, area_code, indicator, scope, period_end;  emulation;  groups  group_no, peer_group
--      calendar  month_no, month
WITH long AS (
    SELECT target_no, month_no, own_no AS group_no, 'achieved' AS criterion, achieved_to_nine AS score, own_achieved AS place
    FROM followed WHERE own_achieved IS NOT NULL
    UNION ALL
    SELECT target_no, month_no, own_no AS group_no, 'development' AS criterion, development_to_nine AS score, own_development AS place
    FROM followed WHERE own_development IS NOT NULL
    UNION ALL
    SELECT target_no, month_no, similar_no AS group_no, 'achieved' AS criterion, achieved_to_nine AS score, similar_achieved AS place
    FROM followed WHERE similar_achieved IS NOT NULL
    UNION ALL
    SELECT target_no, month_no, similar_no AS group_no, 'development' AS criterion, development_to_nine AS score, similar_development AS place
    FROM followed WHERE similar_development IS NOT NULL
),
scored AS (
    SELECT area_code, month_no, own_no AS group_no, score, own_rank AS place FROM emulation WHERE own_rank IS NOT NULL
    UNION ALL
    SELECT area_code, month_no, similar_no AS group_no, score, similar_rank AS place FROM emulation WHERE similar_rank IS NOT NULL
),
whole AS (
    SELECT
        t.area_code, t.indicator, t.scope, CAST(t.period_end AS VARCHAR) AS period, r.month_no, r.group_no, r.criterion,
        r.score, r.place
    FROM long AS r
    INNER JOIN labels AS t ON t.target_no = r.target_no
    UNION ALL
    SELECT
        s.area_code, 'all' AS indicator, 'all' AS scope, substr(CAST(c.month AS VARCHAR), 1, 7) AS period, s.month_no, s.group_no,
        'emulation' AS criterion, CAST(s.score AS DOUBLE) / CAST(1000 AS DOUBLE) AS score, s.place
    FROM scored AS s
    INNER JOIN calendar AS c ON c.month_no = s.month_no
)
SELECT
    w.area_code, w.indicator, w.period, g.peer_group, w.criterion, w.score, CAST(w.place AS BIGINT) AS rank, w.scope, c.month
FROM whole AS w
INNER JOIN groups AS g ON g.group_no = w.group_no
INNER JOIN calendar AS c ON c.month_no = w.month_no
