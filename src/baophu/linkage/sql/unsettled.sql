-- Unplaced participants whose link is not kept: they are compared with everybody.
SELECT one.*
FROM unplaced AS one
LEFT JOIN kept ON kept.si = one.si
WHERE kept.si IS NULL
