-- What a month costs the participant, the State and the place, for each of the months ahead; VND.
-- people: as voluntary_people.sql gives them. grid: the law's figures of each month ahead, support group and place.
-- Law 41/2024/QH15 arts 31(2), 36; Decree 159/2025/NĐ-CP art. 5. Local support is never more than what is left to pay.
WITH placed AS (
    SELECT
        p.support_group, p.place, p.chosen_income, p.months_old, p.months_new, p.persons,
        g.ahead, g.rate, g.rate_scale, g.state_monthly, g.local_monthly,
        CASE
            WHEN p.chosen_income < g.least_income THEN g.least_income
            WHEN p.chosen_income > g.most_income THEN g.most_income
            ELSE p.chosen_income
        END AS income,
        CASE WHEN g.old_months_count THEN p.months_old ELSE 0 END + p.months_new + g.ahead >= g.support_months AS used_up
    FROM people AS p
    JOIN grid AS g ON g.support_group = p.support_group AND g.place = p.place
),
shares AS (
    SELECT
        support_group, place, chosen_income, months_old, months_new, persons, ahead, used_up, local_monthly,
        round_div(income * rate, rate_scale) AS gross,
        CASE WHEN used_up THEN 0 ELSE state_monthly END AS state_support
    FROM placed
),
supported AS (
    SELECT
        support_group, place, chosen_income, months_old, months_new, persons, ahead, used_up, gross, state_support,
        CASE WHEN local_monthly > gross - state_support THEN gross - state_support ELSE local_monthly END AS local_support
    FROM shares
)
SELECT
    support_group, place, chosen_income, months_old, months_new, persons, ahead, used_up,
    gross, state_support, local_support,
    gross - state_support - local_support AS own
FROM supported
