"""What people decide: kept at the desk, frozen for the run, written to a workbook and read back."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from baophu.core.errors import BaophuError
from baophu.linkage import decisions
from baophu.linkage.decisions import Decided, decide
from baophu.linkage.reporting import Rate, estimate, sampled, wilson
from baophu.results.frozen import frozen

WHY = "Đối chiếu thẻ căn cước"
LAN, HERS, HIS = "0123456789", "001185123456", "001083222333"


def standing(home: Path) -> list[tuple[int, int, bool]]:
    path = frozen(home, decisions.NAME)
    assert path is not None
    return [(row["si_code"], row["pid"], row["accepted"]) for row in pq.read_table(path).to_pylist()]


def test_a_decision_is_kept_and_frozen_for_the_run(home: Path) -> None:
    assert decide(home, [Decided(LAN, HERS, True)], by="Hoa", why=WHY) == 1
    assert standing(home) == [(int(LAN), int(HERS), True)]


def test_the_latest_decision_stands_and_a_participant_is_one_person(home: Path) -> None:
    decide(home, [Decided(LAN, HERS, True)], by="Hoa", why=WHY)
    decide(home, [Decided(LAN, HIS, True)], by="Minh", why=WHY)
    assert standing(home) == [(int(LAN), int(HIS), True), (int(LAN), int(HERS), False)]
    assert decide(home, [Decided(LAN, HIS, True)], by="Minh", why=WHY) == 0


@pytest.mark.parametrize(
    ("given", "by", "why"),
    [
        (Decided("123", HERS, True), "Hoa", WHY),
        (Decided(LAN, "12345678901a", True), "Hoa", WHY),
        (Decided(LAN, HERS, True), "", WHY),
        (Decided(LAN, HERS, True), "Hoa", ""),
        (Decided(LAN, HERS, True), "Hoa", f"thẻ {HERS}"),
    ],
)
def test_who_and_why_are_said_and_name_nobody(home: Path, given: Decided, by: str, why: str) -> None:
    with pytest.raises(BaophuError):
        decide(home, [given], by=by, why=why)
    assert frozen(home, decisions.NAME) is None


def test_the_audit_record_names_nobody(home: Path) -> None:
    decide(home, [Decided(LAN, HERS, True)], by="Hoa", why=WHY)
    from baophu.desk.models import AuditRecord

    record = AuditRecord.objects.get()
    assert record.actor == "Hoa"
    assert LAN not in f"{record.subject}{record.detail}" and HERS not in f"{record.subject}{record.detail}"


def test_a_purge_takes_a_person_out_of_the_decisions(home: Path) -> None:
    decide(home, [Decided(LAN, HERS, True), Decided("0999999999", HIS, False)], by="Hoa", why=WHY)
    from baophu.desk.purging import purge_person

    purge_person(home, [LAN, HERS])
    decisions.freeze(home)
    assert standing(home) == [(999_999_999, int(HIS), False)]


def test_samples_of_a_rule_are_counted(home: Path) -> None:
    looked_at = [Decided(f"{at:010}", f"{at:012}", at != 3, "model", sampled=True) for at in range(1, 6)]
    decide(home, [*looked_at, Decided(LAN, HERS, False, "model")], by="Hoa", why=WHY)
    assert sampled(home) == {"model": (5, 4)}


def test_the_estimate_weighs_each_rule_by_its_links() -> None:
    rates = [Rate("number", 9_000, 0, 300, 300), Rate("model", 1_000, 50, 300, 297), Rate("decision", 5, 0)]
    whole = estimate(rates)
    assert whole is not None
    assert whole.share == pytest.approx(0.9 + 0.1 * 0.99)
    assert whole.low < whole.share < whole.high <= 1
    assert estimate([*rates, Rate("old_number", 10, 0)]) is None


@pytest.mark.parametrize(("right", "of"), [(0, 10), (10, 10), (297, 300), (1, 2)])
def test_wilsons_interval_holds_the_share(right: int, of: int) -> None:
    low, high = wilson(right, of)
    assert 0 <= low <= right / of <= high <= 1
