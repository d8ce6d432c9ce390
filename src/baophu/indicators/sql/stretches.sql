-- The stretches of people with all that is counted of them, and without who they are.
--
-- `kind` packs scheme, sex, group and sector into one number. `came`: 1 new, 2 returned, 3 goes on in the same place,
-- 4 moved in. `went`: 3 goes on, 4 moved out; left: 5 died, 6 retired, 7 the employer closed, 8 no reason is known.
--
-- in:  once, people;  $first: stretches that ended before are left out;  $oldest, $last: a birth not between is not known
SELECT
    CAST(o.who % 8 AS INTEGER) AS scheme_no, o.what // 512 AS managed, coalesce(p.resident, 0) AS resident,
    CAST(((o.who % 8 * 4 + coalesce(p.sex_no, 0)) * 32 + o.what // 16 % 32) * 8 + o.what // 2 % 8 AS INTEGER) AS kind,
    CASE WHEN p.birth_no BETWEEN $oldest AND $last THEN p.birth_no ELSE -1 END AS birth_no,
    o.start_no, o.end_no, o.stay_no, CAST(o.came AS INTEGER) AS came,
    CAST(CASE
        WHEN o.went <> 1 THEN o.went
        WHEN p.died_no <= o.end_no THEN 5
        WHEN p.retired_no <= o.end_no + 1 THEN 6
        WHEN o.what % 2 = 1 THEN 7
        ELSE 8
    END AS INTEGER) AS went,
    coalesce(p.minority, FALSE) AS minority
FROM once AS o
LEFT JOIN people AS p ON p.person = o.who // 8
WHERE o.end_no > $first
