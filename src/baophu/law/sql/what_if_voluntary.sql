-- Support by two laws beside each other: persons and sums by support group, place and month ahead; VND.
-- before, after: as voluntary_support.sql gives them.
SELECT
    b.support_group, b.place, b.ahead,
    CAST(sum(b.persons) AS BIGINT) AS persons,
    CAST(
        sum(
            CASE
                WHEN
                    b.gross <> a.gross OR b.state_support <> a.state_support
                    OR b.local_support <> a.local_support OR b.own <> a.own
                    THEN b.persons
                ELSE 0
            END
        ) AS BIGINT
    ) AS affected,
    CAST(sum(CASE WHEN b.used_up THEN b.persons ELSE 0 END) AS BIGINT) AS before_used_up,
    CAST(sum(CASE WHEN a.used_up THEN a.persons ELSE 0 END) AS BIGINT) AS after_used_up,
    CAST(sum(b.persons * b.gross) AS BIGINT) AS before_gross,
    CAST(sum(a.persons * a.gross) AS BIGINT) AS after_gross,
    CAST(sum(b.persons * b.state_support) AS BIGINT) AS before_state_support,
    CAST(sum(a.persons * a.state_support) AS BIGINT) AS after_state_support,
    CAST(sum(b.persons * b.local_support) AS BIGINT) AS before_local_support,
    CAST(sum(a.persons * a.local_support) AS BIGINT) AS after_local_support,
    CAST(sum(b.persons * b.own) AS BIGINT) AS before_own,
    CAST(sum(a.persons * a.own) AS BIGINT) AS after_own
FROM before AS b
JOIN after AS a
    ON a.support_group = b.support_group AND a.place = b.place AND a.chosen_income = b.chosen_income
    AND a.months_old = b.months_old AND a.months_new = b.months_new AND a.ahead = b.ahead
GROUP BY b.support_group, b.place, b.ahead
