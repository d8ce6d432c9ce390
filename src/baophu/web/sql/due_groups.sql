-- What an employer owes for a month, by those who are alike: [group, bound of each base, people, sums of bases and dues,
-- wage and days of one of them], …
SELECT
    employer_id, CAST(month AS VARCHAR) AS month,
    '[' || string_agg(
        '["' || group_code || '",' || CAST(si_base_counted AS VARCHAR) || ',' || CAST(hi_base_counted AS VARCHAR) || ','
        || CAST(ui_base_counted AS VARCHAR) || ',' || CAST(participants AS VARCHAR) || ',' || CAST(si_base AS VARCHAR) || ','
        || CAST(hi_base AS VARCHAR) || ',' || CAST(ui_base AS VARCHAR) || ',' || CAST(due_si AS VARCHAR) || ','
        || CAST(due_hi AS VARCHAR) || ',' || CAST(due_ui AS VARCHAR) || ',' || CAST(wage AS VARCHAR) || ','
        || CAST(unpaid_days AS VARCHAR) || ']',
        ',' ORDER BY group_code, si_base_counted, hi_base_counted, ui_base_counted
    ) || ']' AS alike
FROM alike
GROUP BY employer_id, month
ORDER BY employer_id, month
