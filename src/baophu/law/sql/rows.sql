-- The worker-months as they are declared, each with what its employer tells.
-- declarations, employers: as registers hold them. reduced: employer_id of who pays the reduced accident rate.
SELECT
    d.month, d.employer_id, d.si_code, d.group_code, d.wage, d.unpaid_days,
    e.region, e.reduced_accident,
    false AS ui_member
FROM declarations AS d
JOIN (
    SELECT employers.employer_id, employers.region, reduced.employer_id IS NOT NULL AS reduced_accident
    FROM employers LEFT JOIN reduced ON reduced.employer_id = employers.employer_id
) AS e ON e.employer_id = d.employer_id
