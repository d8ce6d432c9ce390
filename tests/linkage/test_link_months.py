"""A month after another: links that a rule proved are kept where the rule would prove them again, and only there."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from people import Person, person, stored, strangers

from baophu.core.languages import Text
from baophu.engine import DuckDB, Engine
from baophu.law.parameters import book
from baophu.linkage import steps
from baophu.linkage.model import read_model
from baophu.linkage.persons import Linked, link_persons
from baophu.results.steps import Step, Work

CROWD = strangers(2_000)
HERS, HIS = 1_185_123_456, 1_083_222_333
LAN = person("Trần Thị Ngọc Lan", pid=HERS)
# She has no number at the insurer: only name, birth and commune tell who she is.
MINE, THEIRS = 7, 8
WITHOUT_NUMBER = person("Trần Thị Ngọc Lan")
People = Mapping[int, Person]


@dataclass
class Month:
    """What linking a month gave."""

    done: Linked
    links: dict[int, dict[str, Any]]
    review: list[dict[str, Any]]
    state: Path

    def of(self, code: int) -> tuple[int, str, str] | None:
        """Return person, rule and status of a participant's link."""
        row = self.links.get(code)
        return None if row is None else (int(row["pid"]), row["rule"], row["status"])

    def every(self) -> dict[int, tuple[int, str, str] | None]:
        return {code: self.of(code) for code in self.links}


def month(
    engine: Engine, place: Path, participants: People, persons: list[Person], last: Month | None = None, **more: Any
) -> Month:
    """Link the participants of a month, by their code, after another month where one is given."""
    place.mkdir(parents=True)
    one = stored(place / "participants.parquet", list(participants.values()))
    coded = pq.read_table(one).append_column("si_code_number", pa.array(participants, pa.int64()))
    pq.write_table(coded, one)
    other = stored(place / "population.parquet", persons)
    links, review, state = (place / f"{name}.parquet" for name in ("links", "review", "state"))
    done = link_persons(
        engine,
        [one],
        [other],
        links=links,
        review=review,
        state=state,
        last_state=[last.state] if last else (),
        temp=place,
        **more,
    )
    found = {int(row["si_code"]): row for row in pq.read_table(links).to_pylist()}
    listed = pq.read_table(review).to_pylist()
    return Month(done, found, sorted(listed, key=lambda row: (row["si_code"], row["candidate"])), state)


def two_months(
    engine: Engine,
    place: Path,
    first: tuple[People, list[Person]],
    second: tuple[People, list[Person]],
    decisions: Path | None = None,
) -> tuple[Month, Month, Month]:
    """Return the first month, the second after it, and the second made anew; the two must say the same."""
    one = month(engine, place / "first", *first)
    after = month(engine, place / "after", *second, last=one, decisions=decisions)
    anew = month(engine, place / "anew", *second, decisions=decisions)
    assert after.every() == anew.every()
    assert after.review == anew.review
    assert anew.done.kept == 0
    # The score and the rivals of a kept link are those of the month that made it; all others are to the digit the same.
    kept = set(one.links) & {
        code for code, row in anew.links.items() if row["rule"] in ("name_birth_commune", "number_mistyped")
    }
    assert {code: row for code, row in after.links.items() if code not in kept} == {
        code: row for code, row in anew.links.items() if code not in kept
    }
    return one, after, anew


def said(place: Path, *rows: tuple[int, int, bool]) -> Path:
    names = ("si_code", "pid", "accepted")
    pq.write_table(pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)}), place / "said.parquet")
    return place / "said.parquet"


OTHER = person("Phạm Văn Hùng", "1979-08-01", pid=HIS, sex="M", commune="31000")
NAMESAKE = {**LAN, "pid_number": 1_185_999_999}


@pytest.mark.parametrize(
    ("what", "participants", "persons", "link", "kept"),
    [
        ("nothing changed", {MINE: WITHOUT_NUMBER}, [LAN, OTHER], (HERS, "name_birth_commune", "accepted"), 1),
        (
            "strangers came and went",
            {MINE: WITHOUT_NUMBER, THEIRS: OTHER},
            [LAN, *strangers(50, 800_000_000_000)],
            (HERS, "name_birth_commune", "accepted"),
            1,
        ),
        ("she moved", {MINE: person("Trần Thị Ngọc Lan", commune="00007")}, [LAN, OTHER], "another rule", 0),
        ("her name was mended", {MINE: person("Trần Thị Ngọc Liên")}, [LAN, OTHER], "not proved", 0),
        ("her birth was mended", {MINE: person("Trần Thị Ngọc Lan", "1990-01-09")}, [LAN, OTHER], "not proved", 0),
        ("she got her number", {MINE: LAN}, [LAN, OTHER], (HERS, "number", "accepted"), 0),
        ("the person is gone", {MINE: WITHOUT_NUMBER}, [OTHER], "not proved", 0),
        ("the person moved", {MINE: WITHOUT_NUMBER}, [{**LAN, "commune_code": "00007"}], "another rule", 0),
        ("a namesake of the same day came", {MINE: WITHOUT_NUMBER}, [LAN, NAMESAKE], "not proved", 0),
        ("another like her", {MINE: WITHOUT_NUMBER, THEIRS: WITHOUT_NUMBER}, [LAN], "not proved", 0),
        ("another proved to be the person", {MINE: WITHOUT_NUMBER, THEIRS: LAN}, [LAN], "not proved", 0),
    ],
)
def test_a_link_is_kept_only_where_nothing_speaks_against_it(
    duck: DuckDB,
    tmp_path: Path,
    what: str,
    participants: People,
    persons: list[Person],
    link: tuple[int, str, str] | str,
    kept: int,
) -> None:
    first = {MINE: WITHOUT_NUMBER}, [LAN, OTHER, *CROWD]
    one, after, _ = two_months(duck, tmp_path, first, (participants, [*persons, *CROWD]))
    assert one.of(MINE) == (HERS, "name_birth_commune", "accepted")
    assert after.done.kept == kept, what
    if isinstance(link, tuple):
        assert after.of(MINE) == link, what
    elif link == "not proved":
        assert (after.of(MINE) or (0, "", "review"))[2] == "review", what
    else:
        assert (after.of(MINE) or (0, "", ""))[1] != "name_birth_commune", what


def test_a_rival_who_leaves_makes_a_link(duck: DuckDB, tmp_path: Path) -> None:
    first = {MINE: WITHOUT_NUMBER}, [LAN, NAMESAKE, *CROWD]
    one, after, _ = two_months(duck, tmp_path, first, ({MINE: WITHOUT_NUMBER}, [LAN, *CROWD]))
    assert (one.of(MINE) or (0, "", ""))[2] == "review"
    assert after.of(MINE) == (HERS, "name_birth_commune", "accepted")


def test_what_people_decide_ends_a_kept_link(duck: DuckDB, tmp_path: Path) -> None:
    same = {MINE: WITHOUT_NUMBER}, [LAN, OTHER, *CROWD]
    _, denied, _ = two_months(duck, tmp_path / "denied", same, same, said(tmp_path, (MINE, HERS, False)))
    assert denied.done.kept == 0
    assert denied.of(MINE) is None or denied.of(MINE) != (HERS, "name_birth_commune", "accepted")
    _, other, _ = two_months(duck, tmp_path / "other", same, same, said(tmp_path, (MINE, HIS, True)))
    assert other.of(MINE) == (HIS, "decision", "accepted")
    # The person, decided to be somebody else's.
    two = {MINE: WITHOUT_NUMBER, THEIRS: {**OTHER, "pid_number": None}}, same[1]
    _, taken, _ = two_months(duck, tmp_path / "taken", two, two, said(tmp_path, (THEIRS, HERS, True)))
    assert taken.of(THEIRS) == (HERS, "decision", "accepted")
    assert (taken.of(MINE) or (0, "", "review"))[2] == "review"


def test_what_was_denied_and_is_not_any_more_is_looked_at_again(duck: DuckDB, tmp_path: Path) -> None:
    participants, persons = {MINE: WITHOUT_NUMBER}, [LAN, NAMESAKE, *CROWD]
    denied = said(tmp_path, (MINE, NAMESAKE["pid_number"], False))
    one = month(duck, tmp_path / "one", participants, persons, decisions=denied)
    assert one.of(MINE) == (HERS, "name_birth_commune", "accepted")
    after = month(duck, tmp_path / "two", participants, persons, last=one)
    assert after.done.kept == 0
    assert (after.of(MINE) or (0, "", ""))[2] == "review"


def test_links_of_another_model_are_not_kept(duck: DuckDB, tmp_path: Path) -> None:
    participants, persons = {MINE: WITHOUT_NUMBER}, [LAN, OTHER, *CROWD]
    one = month(duck, tmp_path / "one", participants, persons)
    other = read_model().model_copy(update={"accept_from": 0.99})
    assert month(duck, tmp_path / "two", participants, persons, last=one, model=other).done.kept == 0


FAMILY, MIDDLE, GIVEN = ("Trần", "Lê", "Phạm"), ("Thị", "Văn", "Ngọc"), ("Lan", "Liên", "Hoa", "Minh")
DAYS = [f"{year}-{at:02}-{day:02}" for year in (1985, 1986) for at in (3, 4) for day in (3, 4, 12)]


def a_person(luck: random.Random, pid: int) -> Person:
    name = f"{luck.choice(FAMILY)} {luck.choice(MIDDLE)} {luck.choice(GIVEN)}"
    commune = luck.choice(("00004", "00007", "31000"))
    return person(name, luck.choice(DAYS), pid=pid, old=luck.choice((None, pid % 10**9)), commune=commune)


def as_insured(luck: random.Random, one: Person) -> Person:
    """A person as the insurer has him: without numbers, or one mistyped, and now and then something else."""
    slip = luck.random()
    pid = None if slip < 0.5 else one["pid_number"] + luck.choice((1, 10, 300)) if slip < 0.8 else one["pid_number"]
    changed = {**one, "pid_number": pid, "old_id_number": None if luck.random() < 0.8 else one["old_id_number"]}
    return another(luck, changed) if luck.random() < 0.15 else changed


def another(luck: random.Random, one: Person) -> Person:
    """The same with something changed."""
    new = a_person(luck, 1)
    what = luck.choice((("full_name",), ("birth_date", "birth_year"), ("commune_code",), ("full_name", "commune_code")))
    return {**one, **{name: new[name] for name in what}}


def a_country(luck: random.Random) -> tuple[dict[int, Person], list[Person]]:
    persons = [a_person(luck, 1_185_000_000 + luck.randrange(10**6) * 7) for _ in range(300)]
    persons = list({one["pid_number"]: one for one in persons}.values())
    return {100 + at: as_insured(luck, one) for at, one in enumerate(luck.sample(persons, 220))}, persons


def a_month_later(luck: random.Random, participants: People, persons: list[Person]) -> tuple[People, list[Person]]:
    """Some of both change, leave and come, and some get the number of another."""
    people = [another(luck, one) if luck.random() < 0.03 else one for one in persons if luck.random() > 0.02]
    people += [a_person(luck, 1_186_000_000 + 11 * at) for at in range(6)]
    insured = {code: one for code, one in participants.items() if luck.random() > 0.02}
    for code in luck.sample(sorted(insured), 8):
        insured[code] = another(luck, insured[code])
    for code in luck.sample(sorted(insured), 3):
        insured[code] = {**insured[code], "pid_number": luck.choice(people)["pid_number"]}
    insured |= {1_000 + at: as_insured(luck, one) for at, one in enumerate(luck.sample(people, 8))}
    return insured, people


@pytest.mark.parametrize("seed", range(6))
def test_after_a_month_the_links_are_those_of_linking_anew(duck: DuckDB, tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)  # noqa: S311
    participants, persons = a_country(luck)
    country = participants, [*persons, *CROWD]
    insured, people = a_month_later(luck, participants, persons)
    denied = [
        (code, luck.choice(people)["pid_number"], luck.random() < 0.3) for code in luck.sample(sorted(insured), 4)
    ]
    decided = said(tmp_path, *denied, (next(iter(insured)), people[0]["pid_number"], True))
    one, after, _ = two_months(duck, tmp_path, country, (insured, [*people, *CROWD]), decided)
    proved = [row for row in one.links.values() if row["rule"] in ("name_birth_commune", "number_mistyped")]
    # Some are kept, some are not: else nothing was tried here.
    assert 0 < after.done.kept < len(proved)


def test_both_engines_keep_the_same_links(engine: Engine, tmp_path: Path) -> None:
    luck = random.Random(1)  # noqa: S311
    participants, persons = a_country(luck)
    second = a_month_later(luck, participants, persons)
    one = month(engine, tmp_path / "one", participants, [*persons, *CROWD[:300]])
    after = month(engine, tmp_path / "two", second[0], [*second[1], *CROWD[:300]], last=one)
    with DuckDB(temp=tmp_path / "other") as other:
        expected = month(other, tmp_path / "three", participants, [*persons, *CROWD[:300]])
        later = month(other, tmp_path / "four", second[0], [*second[1], *CROWD[:300]], last=expected)
    rows = [sorted(pq.read_table(two.state).drop_columns("score").to_pylist(), key=str) for two in (one, expected)]
    assert rows[0] == rows[1]
    assert after.done.kept == later.done.kept > 0
    assert after.every() == later.every()


def test_the_run_keeps_links_and_says_so_unless_all_are_to_be_made_anew(duck: DuckDB, tmp_path: Path) -> None:
    one = month(duck, tmp_path / "one", {MINE: WITHOUT_NUMBER, THEIRS: OTHER}, [LAN, OTHER, *CROWD])
    said: list[Text] = []

    def run(step: Step, folder: Path) -> Mapping[str, int]:
        folder.mkdir()
        work = Work(
            engine=duck,
            month=date(2026, 11, 1),
            as_of=date(2026, 11, 30),
            home=tmp_path,
            memory=1 << 30,
            law=book(),
            temp=folder,
            folder=folder / "out",
            registered={
                name: [(None, tmp_path / "one" / f"{name}.parquet")] for name in ("participants", "population")
            },
            previous={name: [one.state] for name in step.earlier},
            note=said.append,
        )
        return step.do(work)

    links, *_ = steps.steps()
    anew, *_ = steps.steps(relink=True)
    assert (
        run(links, tmp_path / "after")
        == run(anew, tmp_path / "anew")
        == {"links": 2, "link_review": 0, "link_state": 1}
    )
    # Said once, of the first: the other keeps nothing.
    (words,) = said
    assert "1 links of the last run were kept" in words.en
