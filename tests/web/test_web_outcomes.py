"""What became of a finding is recorded at the site: on its page and by the API, and the next run counts it."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as parquet
import pytest
from browsers import browser_of
from callers import API, caller_of, told
from django.utils import timezone
from site_by_hand import COMMUNE, FAR, PROVINCE, SIBLING, finding_id, pid

from baophu.areas.units import COUNTRY, tree
from baophu.desk.audit import first_broken
from baophu.desk.models import AuditRecord, FindingOutcome
from baophu.web.accounts.rights import Right, Role
from baophu.web.accounts.scope import scope_of
from baophu.web.outcomes import among

Make = Callable[..., Any]
PAGE = f"/findings/{finding_id(COMMUNE)}"
LIST = f"/areas/{COMMUNE}/findings"
API_PATH = f"{API}/findings/{finding_id(COMMUNE)}/outcomes"


def recorded(browser: Any, known: int = 0, path: str = PAGE, **more: Any) -> Any:
    """Send the form of a finding's page."""
    given = {"deed": "outcome", "known": known, "outcome": "confirmed", "decided_on": "2026-11-02", **more}
    return browser.post(path, given)


def taken_back(browser: Any, known: int, entry: int, why: str = "nhầm hồ sơ") -> Any:
    """Send the form that takes an entry back."""
    return browser.post(PAGE, {"deed": "take-back", "known": known, "entry": entry, "why": why})


def test_an_officer_records_what_came_of_a_finding_and_sees_it(signed_in: Make) -> None:
    browser = signed_in("commune", COMMUNE)
    assert "Chưa ai ghi kết quả" in browser.get(PAGE).content.decode()
    answer = recorded(browser, cost="1.200.000", why="đơn vị đã xác nhận")
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    said = browser.get(PAGE).content.decode()
    for there in ("đơn vị đã xác nhận", "1.200.000", "02/11/2026", "đang tính", "Rút lại mục 1"):
        assert there in said, there
    kept = FindingOutcome.objects.get()
    assert (kept.outcome, kept.cost, kept.area_code, kept.province) == ("confirmed", 1_200_000, COMMUNE, PROVINCE)
    assert (kept.decided_by, kept.recorded_by) == (f"commune-{COMMUNE}", f"commune-{COMMUNE}")


def test_the_next_run_counts_what_was_recorded(
    signed_in: Make, settings: Any, tmp_path: Path, migrated: Path, home: Path
) -> None:
    from django.db import connection

    from baophu.desk.store import desk_file
    from baophu.engine import DuckDB, run_step
    from baophu.findings.finding import SQL, outcomes
    from baophu.results.frozen import frozen

    browser = signed_in("commune", COMMUNE)
    recorded(browser)
    recorded(browser, path=f"/findings/{finding_id(COMMUNE)}", known=1, outcome="wrong", decided_on="2026-11-05",
             register="population", why="người này còn sống")  # fmt: skip
    # The desk of this test, in a home of its own, as `run` finds it.
    if migrated.exists():
        shutil.copytree(home / "warehouse" / "results", tmp_path / "home" / "warehouse" / "results")
        desk_file(tmp_path / "home").parent.mkdir(parents=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(desk_file(tmp_path / "home"))])
    outcomes.freeze(tmp_path / "home")
    path = frozen(tmp_path / "home", outcomes.NAME)
    assert path is not None
    rows = parquet.read_table(path).to_pylist()
    assert [(row["outcome"], row["register"], row["kind"]) for row in rows] == [
        ("confirmed", None, "uninsured_worker"), ("wrong", "population", "uninsured_worker"),
    ]  # fmt: skip
    kinds = outcomes.as_table([]).from_pylist([{"kind": "uninsured_worker", "prior_right": 6, "prior_wrong": 4}])
    engine = DuckDB("256MiB")
    found = run_step(
        engine, SQL / "finish" / "success.sql", {"kinds": kinds, "outcomes": path},
        {"floor_right": 0, "floor_told": 100},
    ).arrow().to_pylist()  # fmt: skip
    # (0 + 6) / (0 + 1 + 6 + 4): the last word of the finding is that it was wrong.
    assert [(row["confirmed"], row["wrong"], row["share"]) for row in found] == [(0, 1, 545)]


def test_an_entry_is_corrected_by_another_and_taken_back(signed_in: Make) -> None:
    browser = signed_in("commune", COMMUNE)
    recorded(browser)
    assert recorded(browser, 1, outcome="unanswered").status_code == 302
    assert taken_back(browser, 2, 2).status_code == 302
    said = browser.get(PAGE).content.decode()
    assert "đã rút lại" in said and "nhầm hồ sơ" in said and "Rút lại mục 1" in said and "Rút lại mục 2" not in said
    assert [one.outcome for one in FindingOutcome.objects.order_by("place")] == ["confirmed", "unanswered", ""]
    assert taken_back(browser, 3, 2).status_code == 422
    assert FindingOutcome.objects.count() == 3


def test_an_old_page_overwrites_nothing_and_keeps_what_was_typed(signed_in: Make, make_user: Make) -> None:
    browser, other = signed_in("commune", COMMUNE), browser_of(make_user("provincial", PROVINCE))
    recorded(other, outcome="wrong")
    answer = recorded(browser, 0, why="chữ đã gõ")
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "Có người vừa ghi thêm" in said and "chữ đã gõ" in said
    assert 'name="known" value="1"' in said
    assert taken_back(browser, 0, 1).status_code == 409
    assert [one.recorded_by for one in FindingOutcome.objects.all()] == [f"provincial-{PROVINCE}"]


def test_the_same_form_sent_twice_is_kept_once(signed_in: Make) -> None:
    browser = signed_in("commune", COMMUNE)
    assert [recorded(browser).status_code for _ in range(2)] == [302, 302]
    assert FindingOutcome.objects.count() == 1
    assert AuditRecord.objects.filter(action=AuditRecord.Action.OUTCOME).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "perhaps"}, {"outcome": ""}, {"decided_on": ""}, {"decided_on": "2999-01-01"},
        {"decided_on": "0001-01-01"}, {"decided_on": "x"}, {"cost": "nhiều"}, {"cost": "9" * 16},
        {"register": "population"}, {"outcome": "wrong", "register": "population"},
        {"outcome": "wrong", "register": "nothing", "why": "x"}, {"why": "số 079099000001"}, {"known": "x"},
        {"why": "x" * 2001},
    ],
)  # fmt: skip
def test_what_will_not_do_is_told_beside_its_field(signed_in: Make, wrong: dict[str, str]) -> None:
    answer = recorded(signed_in("commune", COMMUNE), **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not FindingOutcome.objects.exists()


def test_an_entry_is_not_taken_back_without_a_reason_or_with_a_number(signed_in: Make) -> None:
    browser = signed_in("commune", COMMUNE)
    recorded(browser)
    for why in ("", "  ", "trùng với 079 099 000 001"):
        assert taken_back(browser, 1, 1, why).status_code == 422
    assert browser.post(PAGE, {"deed": "erase"}).status_code == 404
    assert browser.post(PAGE, {"deed": "take-back", "known": "²", "entry": "1"}).status_code == 404
    assert FindingOutcome.objects.count() == 1


@pytest.mark.parametrize("own", [COUNTRY, PROVINCE, COMMUNE])
@pytest.mark.parametrize("role", list(Role))
def test_nobody_records_on_what_he_may_not_see(make_user: Make, role: Role, own: str) -> None:
    user = make_user(role, own)
    browser, scope = browser_of(user), scope_of(user)
    for area in (COMMUNE, SIBLING, FAR):
        answer = recorded(browser, path=f"/findings/{finding_id(area)}")
        assert (answer.status_code == 302) == scope.sees(area, Right.WORK), (role, own, area, answer.status_code)
        kept = FindingOutcome.objects.filter(finding_id=finding_id(area)).exists()
        assert kept == scope.sees(area, Right.WORK)


def test_the_list_is_filtered_by_what_was_recorded_at_once(signed_in: Make) -> None:
    browser = signed_in("provincial", PROVINCE)
    path = f"/areas/{PROVINCE}/findings"

    def shown(outcome: str) -> set[str]:
        said = browser.get(f"{path}?outcome={outcome}").content.decode()
        return {area for area in (COMMUNE, SIBLING) if f'href="/findings/{finding_id(area)}"' in said}

    assert (shown("none"), shown("confirmed")) == ({COMMUNE, SIBLING}, set())
    recorded(browser)
    assert (shown("none"), shown("confirmed"), shown("wrong")) == ({SIBLING}, {COMMUNE}, set())
    assert shown("nonsense") == {COMMUNE, SIBLING}
    none = browser.get(f"{path}?outcome=none").content.decode()
    assert re.search(r'<strong class="num">1</strong>\s*trường hợp', none)
    assert "Kết quả: đúng" in browser.get(path).content.decode()
    taken_back(browser, 1, 1)
    assert (shown("none"), shown("confirmed")) == ({COMMUNE, SIBLING}, set())


def test_what_is_taken_away_is_filtered_likewise(signed_in: Make) -> None:
    browser = signed_in("provincial", PROVINCE)
    recorded(browser)

    def rows(outcome: str) -> list[str]:
        answer = browser.get(f"/areas/{PROVINCE}/findings/take?form=xlsx&outcome={outcome}")
        assert answer.status_code == 200
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
        cells = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
        return [area for area in (COMMUNE, SIBLING) if finding_id(area) in cells]

    assert (rows("confirmed"), rows("none"), rows("")) == ([COMMUNE], [SIBLING], [COMMUNE, SIBLING])


def test_the_filter_of_an_area_knows_its_own_alone(signed_in: Make) -> None:
    browser = signed_in("national")
    for area in (COMMUNE, FAR):
        recorded(browser, path=f"/findings/{finding_id(area)}")
    assert among(PROVINCE, "confirmed").names == {finding_id(COMMUNE)}  # type: ignore[union-attr]
    assert len(among(COUNTRY, "confirmed").names) == 2  # type: ignore[union-attr]
    assert among(SIBLING, "confirmed").names == frozenset()  # type: ignore[union-attr]


def test_deeds_are_on_record_and_name_nobody(signed_in: Make) -> None:
    browser = signed_in("commune", COMMUNE)
    recorded(browser, why="đã gặp chủ hộ")
    taken_back(browser, 1, 1)
    records = list(AuditRecord.objects.filter(action=AuditRecord.Action.OUTCOME))
    assert [one.subject for one in records] == [f"finding:{finding_id(COMMUNE)}"] * 2
    assert all(one.detail["area_code"] == COMMUNE for one in records)
    assert pid(COMMUNE) not in str([one.detail for one in records])
    assert first_broken() is None


def test_the_section_is_in_english_too(signed_in: Make) -> None:
    browser = signed_in("commune", COMMUNE)
    recorded(browser)
    browser.cookies["baophu_lang"] = "en"
    said = browser.get(PAGE).content.decode().split('id="outcomes"')[1].split("</main>")[0]
    assert "counts" in said and "confirmed" in said
    assert not re.search(r"Kết quả|đang tính|Lý do|Rút lại|Chi phí", said)


# The API


def test_a_program_records_reads_and_takes_back(make_user: Make) -> None:
    calls = caller_of(make_user("provincial", PROVINCE))
    assert told(calls.get(API_PATH)) == {"known": 0, "outcome": None, "rows": []}
    body = {"known": 0, "outcome": "confirmed", "decided_on": "2026-11-02", "cost": 5000}
    first = told(calls.post(API_PATH, body, content_type="application/json"))
    again = told(calls.post(API_PATH, body, content_type="application/json"))
    assert first == again and first["known"] == 1
    assert first["outcome"]["code"] == "confirmed" and first["rows"][0]["cost"] == 5000
    listed = told(calls.get(f"{API}/areas/{PROVINCE}/findings?outcome=confirmed"))
    assert (listed["count"], [one["finding_id"] for one in listed["rows"]]) == (1, [finding_id(COMMUNE)])
    back = {"known": 1, "takes_back": 1, "why": "nhầm hồ sơ"}
    after = told(calls.post(API_PATH, back, content_type="application/json"))
    assert after["outcome"] is None and [one["takes_back"] for one in after["rows"]] == [1, None]


def test_a_mark_changes_with_what_is_recorded(make_user: Make) -> None:
    calls = caller_of(make_user("provincial", PROVINCE))
    for path in (API_PATH, f"{API}/areas/{PROVINCE}/findings?outcome=none"):
        mark = calls.get(path).headers["ETag"]
        assert calls.get(path, HTTP_IF_NONE_MATCH=mark).status_code == 304
        known = FindingOutcome.objects.count()
        body = {"known": known, "outcome": "confirmed", "decided_on": f"2026-11-0{known + 1}"}
        told(calls.post(API_PATH, body, content_type="application/json"))
        assert calls.get(path, HTTP_IF_NONE_MATCH=mark).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"outcome": None}, "body.outcome"), ({"outcome": "perhaps"}, "body.outcome"),
        ({"decided_on": "2999-01-01"}, "body.decided_on"), ({"decided_on": "0001-01-01"}, "body.decided_on"),
        ({"decided_on": None}, "body.decided_on"), ({"cost": -1}, "body.cost"), ({"takes_back": 1}, "body.takes_back"),
        ({"register_at_fault": "population"}, "body.register_at_fault"), ({"why": "số 079099000001"}, "body.why"),
        ({"known": -1}, "body.known"), ({"outcome": None, "takes_back": 3, "why": "x"}, "body.takes_back"),
    ],
)  # fmt: skip
def test_a_program_is_told_where_a_value_will_not_do(make_user: Make, wrong: dict[str, Any], where: str) -> None:
    body = {"known": 0, "outcome": "confirmed", "decided_on": f"{timezone.localdate()}", **wrong}
    answer = caller_of(make_user("provincial", PROVINCE)).post(API_PATH, body, content_type="application/json")
    assert where in [one["where"] for one in told(answer, 422)["errors"]]
    assert not FindingOutcome.objects.exists()


def test_a_program_that_has_not_read_the_last_entry_is_told_so(make_user: Make) -> None:
    calls = caller_of(make_user("provincial", PROVINCE))
    for known, status in ((0, 200), (5, 409)):
        body = {"known": known, "outcome": "confirmed", "decided_on": f"2026-11-0{known + 1}"}
        answer = calls.post(API_PATH, body, content_type="application/json")
        assert answer.status_code == status
    assert told(answer, 409)["title"] == "Đã có thay đổi khác"


def test_a_key_records_within_its_areas_and_rights_alone(make_user: Make) -> None:
    user = make_user("national")
    body = {"known": 0, "outcome": "confirmed", "decided_on": "2026-11-02"}
    for caller in (caller_of(user, [Right.SEE]), caller_of(user, area=str(tree().get(FAR).parent))):
        assert caller.post(API_PATH, body, content_type="application/json").status_code in (403, 404)
    assert browser_of(user).post(API_PATH, body, content_type="application/json").status_code == 401
    assert not FindingOutcome.objects.exists()
