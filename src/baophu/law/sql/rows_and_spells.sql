-- Like rows.sql, where spells are at hand.
-- ui_members: month and si_code of participants of group b who take part in unemployment insurance.
SELECT
    d.month, d.employer_id, d.si_code, d.group_code, d.wage, d.unpaid_days,
    e.region, e.reduced_accident,
    u.si_code IS NOT NULL AS ui_member
FROM declarations AS d
JOIN (
    SELECT employers.employer_id, employers.region, reduced.employer_id IS NOT NULL AS reduced_accident
    FROM employers LEFT JOIN reduced ON reduced.employer_id = employers.employer_id
) AS e ON e.employer_id = d.employer_id
LEFT JOIN ui_members AS u ON u.month = d.month AND u.si_code = d.si_code AND d.group_code = 'b'
