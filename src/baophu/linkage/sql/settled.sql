-- Unplaced participants whose link is kept: others may still claim a person whom they come close to.
SELECT one.*
FROM unplaced AS one
JOIN kept ON kept.si = one.si
