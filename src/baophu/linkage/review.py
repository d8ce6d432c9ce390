"""The review list as a workbook: what is doubtful with its rivals side by side, or a random sample of what was linked.

A row is known by its place in the run's table, so that a masked workbook can be read back and holds nobody's number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from baophu.core.errors import BaophuError
from baophu.core.excel import fit_a4, new_workbook
from baophu.core.languages import Language, Text
from baophu.linkage import other_lists
from baophu.linkage.decisions import AnyDecided, Decided
from baophu.linkage.places import communes
from baophu.linkage.reporting import RULES
from baophu.registers import revealing
from baophu.registers.store import current
from baophu.results import store
from baophu.results.masking import masked
from baophu.results.store import Manifest

Kind = Literal["review", "sample"]
Of = Literal["participants", "employers", "workers"]
_SHEET = "baophu-links"
_YES, _NO = ("có", "co", "yes", "x", "1"), ("không", "khong", "no", "0")
_FIRST_ROW = 3

_AGREE: dict[str, dict[int, Text]] = {
    "name": {
        5: Text("tên khớp", "name"),
        4: Text("tên đổi thứ tự", "name in another order"),
        3: Text("tên sai 1 chữ cái", "name but one letter"),
        2: Text("họ và tên gọi", "family and given name"),
        1: Text("tên sai 2 chữ cái", "name but two letters"),
    },
    "birth": {
        5: Text("ngày sinh", "birth"),
        4: Text("đảo ngày tháng sinh", "day and month swapped"),
        3: Text("lệch 1 năm sinh", "a year off"),
        2: Text("năm sinh (thiếu ngày)", "year of birth, no day"),
        1: Text("năm sinh", "year of birth only"),
    },
    "sex": {1: Text("giới", "sex")},
    "place": {2: Text("xã", "commune"), 1: Text("tỉnh", "province")},
    "old_id": {1: Text("CMND cũ", "old card")},
    "number": {
        2: Text("số định danh", "personal number"),
        1: Text("số sai 1 chữ số", "number one slip away"),
    },
}
_HEADINGS = (
    *(Text("Dòng", "Row"), Text("Mã số BHXH", "SI number"), Text("Ứng viên", "Candidate")),
    *(Text("Tên (BHXH)", "Name (SI)"), Text("Ngày sinh (BHXH)", "Birth (SI)"), Text("Xã (BHXH)", "Commune (SI)")),
    *(Text("Số định danh", "Personal number"), Text("Tên (dân cư)", "Name (residents)")),
    *(Text("Ngày sinh (dân cư)", "Birth (residents)"), Text("Xã (dân cư)", "Commune (residents)")),
    *(Text("Khớp", "Agrees"), Text("Quy tắc", "Rule"), Text("Độ chắc chắn", "Score")),
    *(Text("Đã nối người khác", "Linked to another"), Text("Là một người? (có/không)", "Same person? (yes/no)")),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are written: of an area, at most so many participants, or so many links of each rule."""

    run: Manifest
    kind: Kind = "review"
    area: str | None = None
    limit: int = 1000
    reveal: bool = False
    purpose: str | None = None
    of: Of = "participants"


def write(home: Path, wanted: Wanted, out: Path, lang: Language) -> int:
    """Write the workbook and return its number of rows; the ledger hears of it first. BaophuError as it is told."""
    revealing.check_purpose(wanted.reveal, wanted.purpose)
    facts = {"run": wanted.run.run, "result": _result(wanted), "area": wanted.area, "as": "xlsx"}
    revealing.note(home, "reveal" if wanted.reveal else "export", wanted.purpose, **facts)
    plain = wanted.of == "participants"
    table = _rows(home, wanted) if plain else other_lists.rows(home, wanted)
    headings = _HEADINGS if plain else other_lists.HEADINGS[wanted.of]
    rows = (table if wanted.reveal else masked(table)).to_pylist()
    with new_workbook(out) as workbook:
        sheet = workbook.add_worksheet(_SHEET)
        fit_a4(sheet)
        bold = workbook.add_format({"bold": True, "text_wrap": True, "border": 1})
        sheet.write_row(0, 0, [wanted.run.run, wanted.kind, wanted.of])
        sheet.write_row(_FIRST_ROW - 1, 0, [one.say(lang) for one in headings], bold)
        for at, row in enumerate(rows, _FIRST_ROW):
            sheet.write_row(at, 0, _cells(row, lang) if plain else _other_cells(row, wanted.of, lang))
        answers = {"validate": "list", "source": ["có", "không"] if lang == "vi" else ["yes", "no"]}
        if rows:
            sheet.data_validation(_FIRST_ROW, len(headings) - 1, len(rows) + _FIRST_ROW - 1, len(headings) - 1, answers)
        sheet.freeze_panes(_FIRST_ROW, 0)
        sheet.set_column(0, len(headings) - 1, 16)
    return len(rows)


def read(home: Path, path: Path) -> list[AnyDecided]:
    """Read what was decided in a workbook; BaophuError where it is none of ours or an answer is no answer."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name(_SHEET).to_python(skip_empty_area=False)
        run, kind, of = (str(cell) for cell in rows[0][:3])
    except (CalamineError, OSError, IndexError, ValueError) as error:
        raise BaophuError(
            Text(f"{path.name} không phải danh sách rà soát ghép nối.", f"{path.name} is no list of links to review."),
            Text("Tạo bằng: baophu link review --out FILE.xlsx", "Make one: baophu link review --out FILE.xlsx"),
        ) from error
    others = other_lists.HEADINGS.get(of)
    answers = dict(_answers(rows[_FIRST_ROW:], len(others or _HEADINGS)))
    if others:
        return list(other_lists.decided(home, store.find(home, run), of, answers, kind == "sample"))
    pairs = _pairs(home, store.find(home, run), kind, list(answers))
    return [
        Decided(si_code, pid, answers[place], rule, sampled=kind == "sample") for place, si_code, pid, rule in pairs
    ]


def _answers(rows: Sequence[Sequence[Any]], width: int) -> Iterator[tuple[int, bool]]:
    for at, row in enumerate(rows, _FIRST_ROW + 1):
        word = str(row[width - 1]).strip().lower().removesuffix(".0") if len(row) >= width else ""
        if not word:
            continue
        if word not in _YES + _NO:
            raise BaophuError(
                Text(f"Dòng {at}: ghi có hoặc không.", f"Row {at}: say yes or no."),
                Text("Chưa ghi quyết định nào.", "No decision was kept."),
            )
        yield int(row[0]), word in _YES


def _result(wanted: Wanted) -> str:
    return "link_review" if wanted.of == "participants" else other_lists.TABLES[wanted.of]


def _other_cells(row: dict[str, Any], of: Of, lang: Language) -> list[Any]:
    rule = RULES[row["rule"]].say(lang) if row["rule"] in RULES else row["rule"]
    found = [row["place_in_table"], *other_lists.cells(row, of), rule, row["rivals"]]
    return ["" if cell is None else cell for cell in found]


def _cells(row: dict[str, Any], lang: Language) -> list[Any]:
    levels = {field: row.get(f"level_{field}") for field in _AGREE}
    agrees = [_AGREE[field][level].say(lang) for field, level in levels.items() if level in _AGREE[field]]
    rule = RULES.get(row["rule"] or "")
    linked = Text("có", "yes").say(lang) if row["linked"] else ""
    shown = [row[name] for name in ("place_in_table", "si_code", "candidate", "full_name", "born", "commune_code")]
    other = [row[name] for name in ("pid", "other_full_name", "other_birth", "other_commune_code")]
    cells = [*shown, *other, ", ".join(agrees), rule.say(lang) if rule else "", round(row["score"] or 0, 4), linked]
    return ["" if cell is None else cell for cell in cells]


# A table of a run in the order by which its rows are known.
_ORDERED = {
    "review": "SELECT *, 'model' AS rule, row_number() OVER (ORDER BY si_code, candidate, pid) AS place_in_table",
    "sample": "SELECT *, row_number() OVER (ORDER BY si_code, pid) AS place_in_table",
}
_TABLES = {"review": "link_review", "sample": "links"}


def _rows(home: Path, wanted: Wanted) -> Any:
    import duckdb

    levels = [f"one.{name} AS level_{name}" for name in _AGREE] if wanted.kind == "review" else []
    chosen = (
        "one.si_code IN (SELECT DISTINCT si_code FROM ordered JOIN place USING (si_code) ORDER BY si_code LIMIT $limit)"
        if wanted.kind == "review"
        # Drawn by a hash, so that who draws again for the same run gets the same.
        else "one.status = 'accepted' AND one.rule <> 'decision' QUALIFY row_number() OVER "
        "(PARTITION BY one.rule ORDER BY md5(one.si_code || $run)) <= $limit"
    )
    seed = {"run": wanted.run.run} if wanted.kind == "sample" else {}
    with duckdb.connect() as connection:
        connection.register("communes", communes())
        return connection.sql(
            f"""
            WITH ordered AS ({_ORDERED[wanted.kind]} FROM read_parquet($table)),
            place AS (
                SELECT si_code, full_name, commune_code, COALESCE(CAST(birth_date AS VARCHAR),
                    CAST(birth_year AS VARCHAR)) AS birth
                FROM read_parquet($participants) LEFT JOIN communes ON commune = commune_code
                WHERE $area IS NULL OR $area IN (commune_code, province)
            )
            SELECT one.place_in_table, one.si_code, {"one.candidate" if levels else "1 AS candidate"}, place.full_name,
                place.birth AS born, place.commune_code, one.pid, person.full_name AS other_full_name,
                COALESCE(CAST(person.birth_date AS VARCHAR), CAST(person.birth_year AS VARCHAR)) AS other_birth,
                person.commune_code AS other_commune_code, one.rule, one.score,
                {"one.linked" if levels else "FALSE AS linked"}{"".join(f", {one}" for one in levels)}
            FROM ordered AS one
            JOIN place ON place.si_code = one.si_code
            LEFT JOIN read_parquet($population) AS person ON person.pid = one.pid
            WHERE {chosen}
            ORDER BY place_in_table
            """,  # noqa: S608 (the words are our own)
            params={
                "table": [str(path) for path in store.table(home, wanted.run, _TABLES[wanted.kind])],
                "participants": [str(path) for path in current(home, "participants")],
                "population": [str(path) for path in current(home, "population")],
                "area": None if wanted.area in (None, "00") else wanted.area,
                "limit": wanted.limit,
                **seed,
            },
        ).to_arrow_table()


def _pairs(home: Path, run: Manifest, kind: str, places: list[int]) -> list[tuple[int, str, str, str]]:
    import duckdb

    if kind not in _TABLES:
        raise BaophuError(Text("Danh sách này không đọc được.", "This list cannot be read."))
    with duckdb.connect() as connection:
        return connection.execute(
            f"WITH ordered AS ({_ORDERED[kind]} FROM read_parquet($table)) "  # noqa: S608 (the words are our own)
            "SELECT place_in_table, si_code, pid, rule FROM ordered "
            "WHERE list_contains($places, place_in_table) AND pid IS NOT NULL ORDER BY 1",
            {"table": [str(path) for path in store.table(home, run, _TABLES[kind])], "places": places},
        ).fetchall()
