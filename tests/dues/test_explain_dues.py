"""An employer's month and its charge explained: worked cases, and random homes whose explanations add up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from baophu.cli import main
from baophu.core import ledger
from baophu.core.errors import BaophuError
from baophu.core.languages import LANGUAGES
from baophu.dues.account import Account, account
from baophu.dues.explain import explain_month
from baophu.dues.explain_charge import explain_charge, turn_of
from baophu.dues.registered import Registered
from baophu.engine import DuckDB
from baophu.law.trace import Step, render_text, to_json
from baophu.registers import store
from dues.small_home import Registers, employer, random_registers

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
AS_OF = date(2026, 11, 22)

SMALL = Registers(
    employers=[employer("TZ1"), employer("TZ2", pay_method="quarterly")],
    declarations=[
        (JULY, "TZ1", "0000000001", "a", 1_000_000, 0),
        (JULY, "TZ1", "0000000002", "a", 10_000_000, 0),
        (JULY, "TZ1", "0000000003", "a", 90_000_000, 0),
        (JULY, "TZ1", "0000000004", "a", 10_000_000, 20),
        (AUGUST, "TZ1", "0000000002", "a", 10_000_000, 0),
        (JULY, "TZ2", "0000000005", "a", 10_000_000, 0),
    ],
    payments=[
        ("p1", "TZ1", date(2026, 8, 20), 10_000_000),
        ("p2", "TZ1", date(2026, 9, 10), 5_000_000),
        ("p3", "TZ1", date(2026, 12, 1), 90_000_000),
    ],
    notices=[
        ("n1", "TZ1", JULY, date(2026, 8, 25)),
        ("n2", "TZ1", JULY, date(2026, 9, 5)),
        ("n3", "TZ2", JULY, date(2026, 11, 1)),
    ],
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="400MiB", threads=1) as one:
        yield one


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return SMALL.load(tmp_path_factory.mktemp("small") / "home")


def own(engine: DuckDB, home: Path, code: str = "TZ1", as_of: date = AS_OF) -> Account:
    return account(engine, code, Registered(home).of_employer(engine, code, as_of), as_of)


def found(step: Step, id: str) -> Step:
    one = step.find(id)
    assert one is not None, f"{id} is not among {[part.id for part in step.walk()]}"
    return one


def conditions(step: Step) -> list[str]:
    return [failed.condition.en for failed in step.failed]


def test_a_month_is_told_by_fund_and_by_the_bound_that_counted(engine: DuckDB, home: Path) -> None:
    step = explain_month(own(engine, home), JULY)
    assert found(step, "participants").value == 4
    floor, wage, ceiling, none = (found(step, f"due_si.a.{bound}") for bound in ("floor", "wage", "ceiling", "none"))
    assert (floor.value, wage.value, ceiling.value) == (645_150, 2_550_000, 12_903_000)  # 25.5 % of 2.53, 10, 50.6 m
    assert (floor.counted, wage.counted, ceiling.counted) == ("floor", "wage", "ceiling")
    assert none.value == 0
    assert conditions(wage) == ["below the floor", "above the ceiling"]
    assert conditions(floor) == []
    why = found(none, "due_si.a.none.si_due")
    assert (why.value, why.article) == (False, "Law 41/2024/QH15 art. 33(5); Decree 158/2025/NĐ-CP art. 9")
    reference = next(value for value in ceiling.parameters if value.name == "reference_level")
    assert (reference.amount, reference.valid_from) == (2_530_000, date(2026, 7, 1))
    # The ceiling of unemployment insurance is 20 minimum wages: nobody reaches it with 90 million.
    assert found(step, "due_ui.a.wage").value == 2_000_000


def test_a_month_tells_its_due_date_and_the_money_that_settled_it(engine: DuckDB, home: Path) -> None:
    step = explain_month(own(engine, home), JULY)
    assert found(step, "due_date").value == date(2026, 8, 31)
    assert found(step, "paid.2026-08-20").value == 10_000_000
    assert found(step, "paid.2026-09-10").value == 5_000_000
    assert found(step, "outstanding").value == step.value - 15_000_000
    assert step.find("cleared_on") is None
    assert "1 payments came in by 22 Nov 2026" in conditions(found(step, "received"))
    after = explain_month(own(engine, home, as_of=date(2026, 12, 1)), JULY)
    assert found(after, "cleared_on").value == date(2026, 12, 1)
    later = explain_month(own(engine, home), AUGUST)
    assert found(later, "earlier_dues").value == step.value


def test_a_quarterly_employer_pays_a_month_after_its_quarter(engine: DuckDB, home: Path) -> None:
    due = found(explain_month(own(engine, home, "TZ2"), JULY), "due_date")
    assert due.value == date(2026, 10, 31)
    assert {value.name for value in due.parameters} == {"cycle_months", "due_months_after_cycle"}


def test_a_charge_tells_class_first_day_days_and_rate(engine: DuckDB, home: Path) -> None:
    step = explain_charge(own(engine, home), JULY)
    paid_late = found(step, "charge.si.2026-09-10.late")
    assert found(paid_late, f"{paid_late.id}.amount").value == 5_000_000
    assert found(paid_late, f"{paid_late.id}.first_day").value == date(2026, 9, 1)
    assert found(paid_late, f"{paid_late.id}.days").value == 9
    assert paid_late.value == 13_500
    assert paid_late.parameters[0].name == "daily_charge_rate"
    assert conditions(paid_late) == [
        "still unpaid on 31 Oct 2026, after the 60 days and the written demand",
    ]
    open_late, evaded = found(step, "charge.si.open.late"), found(step, "charge.si.open.evasion")
    assert (open_late.article, evaded.article) == ("Law 41/2024/QH15 art. 38(1)", "Law 41/2024/QH15 art. 39(1)(đ)")
    assert found(open_late, f"{open_late.id}.days").value == 60
    assert found(evaded, f"{evaded.id}.first_day").value == date(2026, 10, 31)
    assert conditions(open_late) == []


def test_a_letter_before_the_due_date_is_told_not_to_count(engine: DuckDB, home: Path) -> None:
    step = explain_charge(own(engine, home), JULY)
    evasion = found(step, "evasion_from")
    assert (evasion.value, found(evasion, "letter").value) == (date(2026, 10, 31), date(2026, 9, 5))
    assert conditions(evasion) == ["the letter of 25 Aug 2026 came after the due date"]


def test_without_a_letter_nothing_is_evasion_and_the_tree_says_so(engine: DuckDB, home: Path) -> None:
    step = explain_charge(own(engine, home), AUGUST)
    assert found(step, "evasion_from").value is None
    late = found(step, "charge.si.open.late")
    assert conditions(late) == ["a written demand was made after the due date"]
    assert step.find("charge.si.open.evasion") is None
    health = found(step, "charge.hi.open.late")
    assert conditions(health) == ["it is social or unemployment insurance"]


def test_what_is_not_charged_says_why(engine: DuckDB, home: Path) -> None:
    in_time = explain_charge(own(engine, home, as_of=date(2026, 9, 30)), JULY)
    assert any("the health insurance fund was still unpaid" in words for words in conditions(in_time))
    early = explain_charge(own(engine, home, as_of=date(2026, 8, 31)), JULY)
    assert early.value == 0
    assert set(conditions(early)) == {"the due date has passed"}


def test_a_month_without_declarations_and_an_unknown_employer_are_told(engine: DuckDB, home: Path) -> None:
    with pytest.raises(BaophuError) as told:
        explain_month(own(engine, home), date(2026, 10, 1))
    assert "2026-07 to 2026-08" in told.value.say("en")
    with pytest.raises(BaophuError) as told:
        own(engine, home, "TZ9")
    assert "TZ1" in told.value.say("en")


@pytest.mark.parametrize("seed", [3, 4])
def test_every_explanation_adds_up_to_the_results(engine: DuckDB, tmp_path: Path, seed: int) -> None:
    home = random_registers(seed, 6).load(tmp_path / "home")
    as_of = date(2026, 9, 20)
    evasions = 0
    for code in (f"TZ{at:04d}" for at in range(6)):
        one = own(engine, home, code, as_of)
        for due in one.dues:
            step = explain_month(one, due["month"], workers=100)
            assert step.value == due["due"] == sum(found(step, f"due_{fund}").value for fund in ("si", "hi", "ui"))
            for fund in ("si", "hi", "ui"):
                assert sum(part.value for part in found(step, f"due_{fund}").parts) == due[f"due_{fund}"]
            assert sum(part.value for part in found(step, "people").parts) == due["due"]
            money = [part.value for part in found(step, "paid").parts if part.id.startswith("paid.")]
            assert sum(money) == due["paid"]

            charge, turn = explain_charge(one, due["month"]), turn_of(one, due)
            rows = [row for row in one.charges if row["month"] == due["month"]]
            assert charge.value == sum(row["charge"] for row in rows)
            for row in rows:
                if row["class"] == "evasion":
                    evasions += 1
                    assert turn.begins is not None and row["first_day"] == max(turn.begins, date(2025, 7, 1))
                else:
                    paid = row["paid_on"].isoformat() if row["paid_on"] else "open"
                    turned = any(
                        other["class"] == "evasion"
                        and (other["fund"], other["paid_on"]) == (row["fund"], row["paid_on"])
                        for other in rows
                    )
                    # A late sum says why it is not evasion, unless the rest of it is.
                    assert bool(found(charge, f"charge.{row['fund']}.{paid}.late").failed) != turned
    assert evasions


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert (ended.value.code or 0) == code
    shown = capsys.readouterr()
    return shown.out, shown.err


def test_the_commands_mask_people_unless_a_purpose_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--lang", "en", "--home", str(home), "law", "explain", "employer", "--employer", "TZ1")
    asked = (*asked, "--month", "2026-07", "--as-of", "2026-11-22")
    shown, _ = told(capsys, *asked)
    assert "number *******003" in shown
    assert "0000000003" not in shown
    _, error = told(capsys, *asked, "--reveal", code=2)
    assert "--purpose" in error
    before = len(ledger.read(store.ledger_file(home)).lines)
    shown, _ = told(capsys, *asked, "--reveal", "--purpose", "a question of the employer")
    assert "0000000003" in shown
    (line,) = ledger.read(store.ledger_file(home)).lines[before:]
    assert (line.entry["what"], line.entry["purpose"]) == ("reveal", "a question of the employer")
    assert (line.entry["employer"], line.entry["month"]) == ("TZ1", "2026-07")


@pytest.mark.parametrize("what", ["employer", "charge"])
def test_the_commands_give_text_json_and_a_page(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    asked = ("--home", str(home), "law", "explain", what, "--employer", "TZ1", "--month", "2026-07")
    asked = (*asked, "--as-of", "2026-11-22")
    shown, _ = told(capsys, *asked)
    assert "Hạn đóng: 31/08/2026" in shown
    shown, _ = told(capsys, *asked, "--format", "json")
    tree = json.loads(shown)
    assert tree["version"] == 1
    assert all(value["since"] and value["basis"] for part in tree["parts"] for value in part["parameters"])
    page = tmp_path / "page.html"
    told(capsys, *asked, "--format", "html", "--out", str(page))
    assert "31/08/2026" in page.read_text(encoding="utf-8")


def test_each_step_is_told_once_in_both_languages(engine: DuckDB, home: Path) -> None:
    one = own(engine, home)
    for step in (explain_month(one, JULY), explain_charge(one, JULY)):
        ids = [part.id for part in step.walk()]
        assert len(ids) == len(set(ids))
        for lang in LANGUAGES:
            assert "None" not in render_text(step, lang)
        assert json.loads(json.dumps(to_json(step)))["id"] == step.id
