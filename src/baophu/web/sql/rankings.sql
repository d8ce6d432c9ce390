-- The places of the areas of a peer group by one criterion in one row: [area, place, place in the month before, score], …
SELECT
    peer_group, criterion, indicator, scope, period,
    '[' || string_agg(
        '["' || area_code || '",' || CAST(rank AS VARCHAR) || ',' || coalesce(CAST(previous_rank AS VARCHAR), 'null') || ','
        || coalesce(CAST(score AS VARCHAR), 'null') || ']', ',' ORDER BY rank, area_code
    ) || ']' AS places
FROM rankings
GROUP BY peer_group, criterion, indicator, scope, period
ORDER BY peer_group, criterion, indicator, scope, period
