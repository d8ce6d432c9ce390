-- How many residents there are, how many of them a participant has been found for, and how many participants.
SELECT
    (SELECT CAST(count(*) AS BIGINT) FROM population) AS persons,
    (SELECT CAST(count(*) AS BIGINT) FROM taken) AS taken,
    (SELECT CAST(count(*) AS BIGINT) FROM placed) AS placed,
    (SELECT CAST(count(*) AS BIGINT) FROM participants) AS participants
