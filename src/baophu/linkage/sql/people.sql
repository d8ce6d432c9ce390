-- How many residents there are, how many of them a participant has been found for, how many participants there are, and
-- how many of these have a number at all.
SELECT
    (SELECT CAST(count(*) AS BIGINT) FROM population) AS persons,
    (SELECT CAST(count(*) AS BIGINT) FROM taken) AS taken,
    (SELECT CAST(count(*) AS BIGINT) FROM placed) AS placed,
    (SELECT CAST(count(*) AS BIGINT) FROM participants) AS participants,
    (SELECT CAST(count(COALESCE(pid_number, old_id_number)) AS BIGINT) FROM participants) AS numbered
