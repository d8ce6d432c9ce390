"""Who is linked to whom, and by which rule: a participant, a person, and what they have in common."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from people import Person, links, person, strangers

from baophu.engine import DuckDB, Engine

HERS = 1_185_123_456
LAN = person("Trần Thị Ngọc Lan", pid=HERS, old=123_456_789)
CROWD = strangers(3_000)


def rule_of(
    engine: Engine, place: Path, participant: Person, *others: Person, population: tuple[Person, ...] = ()
) -> str:
    """Return by which rule a participant was linked to Lan; `review`, `nobody`, or who else he was linked to."""
    found, _ = links(engine, place, [participant, *others], [LAN, *population, *CROWD])
    if 0 not in found:
        return "nobody"
    link = found[0]
    if link["status"] == "review":
        return "review"
    return str(link["rule"]) if int(link["pid"]) == HERS else f"another by {link['rule']}"


@pytest.mark.parametrize(
    ("what", "participant", "rule"),
    [
        ("the number with name and birth", person("TRAN THI NGOC LAN", pid=HERS), "number"),
        ("the words in another order", person("Lan Trần Thị Ngọc", pid=HERS), "number"),
        ("only the year of birth is known", person("Trần Thị Ngọc Lan", 1985, pid=HERS), "number"),
        ("day and month are swapped", person("Trần Thị Ngọc Lan", "1985-12-03", pid=HERS), "number"),
        ("the year is one off", person("Trần Thị Ngọc Lan", "1984-03-12", pid=HERS), "number"),
        ("the middle name is lost", person("Trần Lan", pid=HERS), "number"),
        ("a middle name is mistyped", person("Trần Thị Ngcọ Lan", pid=HERS), "number"),
        ("the old card, no number", person("Trần Thị Ngọc Lan", old=123_456_789), "old_number"),
        ("a digit is mistyped", person("Trần Thị Ngọc Lan", pid=HERS + 300), "number_mistyped"),
        ("two digits changed places", person("Trần Thị Ngọc Lan", pid=1_185_123_465), "number_mistyped"),
        ("no number, the same commune", person("Trần Thị Ngọc Lan"), "name_birth_commune"),
        ("the given name is mistyped", person("Trần Thị Ngọc Lna", pid=HERS), "model"),
    ],
)
def test_links_what_belongs_together(duck: DuckDB, tmp_path: Path, what: str, participant: Person, rule: str) -> None:
    assert rule_of(duck, tmp_path, participant) == rule, what


@pytest.mark.parametrize(
    ("what", "participant"),
    [
        ("a borrowed number", person("Phạm Văn Hùng", "1979-08-01", pid=HERS, sex="M", commune="31000")),
        ("a borrowed number, the same family", person("Trần Văn Hùng", "1979-08-01", pid=HERS, sex="M")),
        ("the same name of another year", person("Trần Thị Ngọc Lan", "1971-06-30", pid=HERS, commune="31000")),
        ("only name and sex", person("Trần Thị Ngọc Lan", "1971-06-30", commune="31000")),
        ("the other twin", person("Trần Thị Ngọc Liên")),
    ],
)
def test_a_number_or_a_name_alone_proves_nothing(duck: DuckDB, tmp_path: Path, what: str, participant: Person) -> None:
    assert rule_of(duck, tmp_path, participant) in ("nobody", "review"), what


def test_who_shares_name_birth_and_commune_is_told_by_no_rule(duck: DuckDB, tmp_path: Path) -> None:
    namesake = {**LAN, "pid_number": 1_185_999_999, "old_id_number": None}
    without_number = person("Trần Thị Ngọc Lan")
    assert rule_of(duck, tmp_path, without_number, population=(namesake,)) == "review"
    # The same where two participants share them, though only one person has them.
    assert rule_of(duck, tmp_path, without_number, without_number) == "review"


def test_swapped_numbers_of_a_couple_go_to_the_right_person(duck: DuckDB, tmp_path: Path) -> None:
    husband = person("Lê Văn Sơn", "1983-07-20", pid=1_083_222_333, sex="M")
    hers_with_his = {**LAN, "pid_number": 1_083_222_333, "old_id_number": None}
    his_with_hers = {**husband, "pid_number": HERS}
    found, _ = links(duck, tmp_path, [hers_with_his, his_with_hers], [LAN, husband, *CROWD])
    assert [int(found[at]["pid"]) for at in (0, 1)] == [HERS, 1_083_222_333]
    assert {found[at]["rule"] for at in (0, 1)} == {"name_birth_commune"}


def test_two_codes_of_one_person_are_both_kept_and_told(duck: DuckDB, tmp_path: Path) -> None:
    found, _ = links(duck, tmp_path, [person("Trần Thị Ngọc Lan", pid=HERS), LAN], [LAN, *CROWD])
    assert [(found[at]["status"], found[at]["rivals"]) for at in (0, 1)] == [("accepted", 1)] * 2


def test_a_second_code_without_a_number_waits_for_a_person(duck: DuckDB, tmp_path: Path) -> None:
    assert rule_of(duck, tmp_path, person("Trần Thị Ngọc Lan"), LAN) == "review"


def test_the_doubtful_stand_beside_their_rivals(duck: DuckDB, tmp_path: Path) -> None:
    namesake = {**LAN, "pid_number": 1_185_999_999, "old_id_number": None}
    nobody = person("Zéno Quý", "1931-01-31", commune="31000")
    _, review = links(duck, tmp_path, [person("Trần Thị Ngọc Lan"), nobody], [LAN, namesake, *CROWD])
    mine = [row for row in review if row["si_code"] == "0000000000"]
    assert {row["pid"] for row in mine} == {f"{HERS:012}", "001185999999"}
    assert [(row["name"], row["birth"], row["sex"], row["place"]) for row in mine] == [(5, 5, 1, 2)] * 2
    # Nobody is lost: who has no candidate is on the list without one.
    assert [row["pid"] for row in review if row["si_code"] == "0000000001"] == [None]


def decisions(place: Path, *rows: tuple[int, int, bool]) -> Path:
    names = ("si_code", "pid", "accepted")
    table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})
    pq.write_table(table, place / "decisions.parquet")
    return place / "decisions.parquet"


def test_what_people_decided_outranks_every_rule(duck: DuckDB, tmp_path: Path) -> None:
    someone = CROWD[0]["pid_number"]
    said = decisions(tmp_path, (0, someone, True), (1, HERS, False))
    found, _ = links(duck, tmp_path, [LAN, LAN], [LAN, *CROWD], decisions=said)
    assert (found[0]["rule"], int(found[0]["pid"])) == ("decision", someone)
    assert 1 not in found or int(found[1]["pid"]) != HERS


def test_a_decision_for_somebody_who_is_gone_waits(duck: DuckDB, tmp_path: Path) -> None:
    found, _ = links(duck, tmp_path, [LAN], [LAN, *CROWD], decisions=decisions(tmp_path, (0, 42, True)))
    assert found[0]["rule"] == "number"


@pytest.mark.parametrize("memory", [40_000, 1 << 30])
def test_chunks_change_nothing(duck: DuckDB, tmp_path: Path, memory: int) -> None:
    few = [{**one, "pid_number": None} for one in CROWD[:60]]
    found, _ = links(duck, tmp_path, few, CROWD, memory=memory)
    accepted = {at: int(row["pid"]) for at, row in found.items() if row["status"] == "accepted"}
    assert accepted and all(pid == CROWD[at]["pid_number"] for at, pid in accepted.items())
    assert len(accepted) >= 50


def test_both_engines_link_alike(engine: Engine, tmp_path: Path) -> None:
    participants = [
        person("Trần Thị Ngọc Lna", pid=HERS),
        person("Trần Thị Ngọc Lan", pid=HERS + 300),
        person("Phạm Văn Hùng", "1979-08-01", pid=HERS, sex="M"),
        *({**one, "pid_number": None} for one in CROWD[:40]),
    ]
    found, review = links(engine, tmp_path, participants, [LAN, *CROWD[:500]])
    assert {at: (row["rule"], row["status"]) for at, row in found.items() if at < 3}[2][1] == "review" or 2 not in found
    with DuckDB(temp=tmp_path / "other") as other:
        (tmp_path / "again").mkdir()
        expected, _ = links(other, tmp_path / "again", participants, [LAN, *CROWD[:500]])
    assert {at: (row["pid"], row["rule"], row["status"], row["rivals"]) for at, row in found.items()} == {
        at: (row["pid"], row["rule"], row["status"], row["rivals"]) for at, row in expected.items()
    }
    assert all(abs(found[at]["score"] - expected[at]["score"]) < 1e-6 for at in found)
    assert {row["si_code"] for row in review} >= {"0000000002"}
