-- What a cell says, as macros. Each gives NULL where the cell does not say such a thing; `t` is a tidy text.

-- Blanks of any kind at both ends go, as does the apostrophe by which a spreadsheet marks text; nothing left is NULL.
CREATE OR REPLACE TEMP MACRO tidy(raw) AS
    nullif(regexp_replace(raw, '^[\s\p{Z}\x{FEFF}]+|[\s\p{Z}\x{FEFF}]+$', '', 'g'), '');

CREATE OR REPLACE TEMP MACRO is_blank(raw) AS
    CASE WHEN raw IS NULL OR raw = '' THEN TRUE ELSE tidy(raw) IS NULL END;

-- A short way: of these letters (ASCII, U+00C0 to U+024F, U+1EA0 to U+1EF9) every text is in NFC already.
CREATE OR REPLACE TEMP MACRO plain_text(raw) AS
    CASE
        WHEN regexp_full_match(raw, '[!-~À-ɏẠ-ỹ]([ -~À-ɏẠ-ỹ]*[!-~À-ɏẠ-ỹ])?') THEN raw
        ELSE nfc_normalize(tidy(raw))
    END;

-- A code as it is, without what a spreadsheet does to one: 123.0, '00123.
CREATE OR REPLACE TEMP MACRO plain_code(raw) AS nfc_normalize(
    CASE
        WHEN regexp_full_match(tidy(raw), '''?\d+(\.0+)?') THEN regexp_extract(raw, '\d+')
        ELSE tidy(ltrim(tidy(raw), ''''))
    END
);

-- A code of digits only: the marks between its digits go as well, as in 0100109106-001.
CREATE OR REPLACE TEMP MACRO digit_code(raw) AS
    CASE
        WHEN regexp_full_match(plain_code(raw), '\d[\d .\-]*\d') THEN regexp_replace(plain_code(raw), '[^0-9]', '', 'g')
        ELSE plain_code(raw)
    END;

-- A day: 2026-10-31, 31/10/2026, or the number by which spreadsheets count days (45961). A time of midnight may follow.
CREATE OR REPLACE TEMP MACRO read_day(t) AS
    CASE
        WHEN regexp_full_match(t, '\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?') THEN TRY_CAST(left(t, 10) AS DATE)
        WHEN regexp_full_match(t, '\d{1,2}/\d{1,2}/\d{4}( 0?0:00(:00)?)?') THEN TRY_CAST(
            left(split_part(t, '/', 3), 4) || '-' || lpad(split_part(t, '/', 2), 2, '0')
            || '-' || lpad(split_part(t, '/', 1), 2, '0') AS DATE
        )
        WHEN regexp_full_match(t, '\d{5}(\.0+)?') THEN DATE '1899-12-30' + CAST(left(t, 5) AS INTEGER)
    END;

CREATE OR REPLACE TEMP MACRO in_reach(day) AS
    CASE WHEN day BETWEEN DATE '1900-01-01' AND DATE '2100-12-31' THEN day END;

CREATE OR REPLACE TEMP MACRO plain_day(raw) AS in_reach(read_day(tidy(raw)));

-- A month: any day that can be read (whether it is the first is checked), 2026-10, 10/2026.
CREATE OR REPLACE TEMP MACRO plain_month(raw) AS in_reach(
    CASE
        WHEN regexp_full_match(tidy(raw), '\d{4}-\d{1,2}') THEN TRY_CAST(
            left(tidy(raw), 4) || '-' || lpad(split_part(tidy(raw), '-', 2), 2, '0') || '-01' AS DATE
        )
        WHEN regexp_full_match(tidy(raw), '\d{1,2}/\d{4}') THEN TRY_CAST(
            split_part(tidy(raw), '/', 2) || '-' || lpad(split_part(tidy(raw), '/', 1), 2, '0') || '-01' AS DATE
        )
        ELSE read_day(tidy(raw))
    END
);

-- Whether thousands are marked: 1.234.567 or 1,234,567 or 1 234 567, with zeros after the mark of the fraction.
CREATE OR REPLACE TEMP MACRO is_grouped(t) AS
    regexp_full_match(
        t, '[+-]?\d{1,3}((\.\d{3})+(,0+)?|(,\d{3})+(\.0+)?|([ \x{00A0}]\d{3})+([.,]0+)?)'
    );

-- The digits of a grouped number, without marks and without a fraction of zeros.
CREATE OR REPLACE TEMP MACRO ungrouped(t) AS
    regexp_replace(
        CASE
            WHEN regexp_matches(t, '\d\.\d{3}(,0+)?$') AND NOT regexp_matches(t, ',\d{3}\.') THEN regexp_replace(t, ',0+$', '')
            WHEN regexp_matches(t, '\d,\d{3}(\.0+)?$') THEN regexp_replace(t, '\.0+$', '')
            ELSE regexp_replace(t, '[.,]0+$', '')
        END,
        '[., \x{00A0}]', '', 'g'
    );

-- A whole number. A fraction other than zeros is none.
CREATE OR REPLACE TEMP MACRO plain_whole(raw) AS
    CASE
        WHEN is_grouped(tidy(raw)) THEN TRY_CAST(ungrouped(tidy(raw)) AS BIGINT)
        WHEN regexp_full_match(tidy(raw), '[+-]?\d+([.,]0+)?') THEN
            TRY_CAST(regexp_extract(tidy(raw), '[+-]?\d+') AS BIGINT)
    END;

-- An exact decimal of at most six places. 1,234 may be either of two numbers and is none.
CREATE OR REPLACE TEMP MACRO plain_decimal(raw) AS
    CASE
        WHEN regexp_full_match(tidy(raw), '[+-]?\d{1,18}(\.\d{1,6}0*)?') THEN TRY_CAST(tidy(raw) AS DECIMAL(24, 6))
        WHEN regexp_full_match(tidy(raw), '[+-]?\d{1,3},\d{3}') THEN NULL
        WHEN regexp_full_match(tidy(raw), '[+-]?\d{1,18},\d{1,6}0*') THEN
            TRY_CAST(replace(tidy(raw), ',', '.') AS DECIMAL(24, 6))
        WHEN is_grouped(tidy(raw)) THEN TRY_CAST(ungrouped(tidy(raw)) AS DECIMAL(24, 6))
    END;

CREATE OR REPLACE TEMP MACRO plain_boolean(raw) AS
    CASE regexp_replace(lower(tidy(raw)), '\.0+$', '')
        WHEN 'true' THEN TRUE WHEN '1' THEN TRUE WHEN 'false' THEN FALSE WHEN '0' THEN FALSE
    END;

-- A year or a quarter: 2026, 2026-Q3. A quarter is also read as 2026Q3, Q3/2026 and Q3-2026.
CREATE OR REPLACE TEMP MACRO plain_period(raw) AS
    regexp_replace(
        regexp_replace(
            regexp_extract(upper(tidy(raw)), '^(((19|20)\d{2}( ?-? ?Q[1-4])?)|(Q[1-4] ?[/-] ?(19|20)\d{2}))(\.0+)?$', 1),
            '^(Q[1-4])\D*(\d{4})$', '\2\1'
        ),
        '^(\d{4})\D*(Q[1-4])$', '\1-\2'
    );

-- A figure that a spreadsheet has rounded: 7.9203E+10. What it was cannot be known.
CREATE OR REPLACE TEMP MACRO is_scientific(raw) AS
    regexp_full_match(upper(tidy(raw)), '[+-]?\d+([.,]\d+)?E\+?\d+');
