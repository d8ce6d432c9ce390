-- The ranking of a month, with each area's place in the month before.
--
-- in:  rankings, before  (as rankings.sql gives them);  $month
SELECT
    r.area_code, r.indicator, r.period, r.peer_group, r.criterion, r.score, r.rank, b.rank AS previous_rank, r.scope,
    r.month
FROM rankings AS r
LEFT JOIN before AS b
    ON b.area_code = r.area_code AND b.indicator = r.indicator AND b.scope = r.scope AND b.peer_group = r.peer_group
    AND b.criterion = r.criterion AND (b.period = r.period OR r.criterion = 'emulation')
WHERE r.month = $month
