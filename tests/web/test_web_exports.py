"""Taking lists and tables away: what is in the files, who may have them, what happens to long ones."""

from __future__ import annotations

import csv
import io
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as parquet
import pytest
from browsers import browser_of
from django.utils import timezone
from site_by_hand import (
    COMMUNE,
    FAR,
    MONTH,
    PROVINCE,
    SHARE,
    SIBLING,
    company,
    employer_id,
    finding_id,
    manifest,
    person,
    pid,
    si_code,
)

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.audit import first_broken
from baophu.desk.models import AuditRecord
from baophu.web.accounts import actions as accounts
from baophu.web.accounts.scope import scope_of
from baophu.web.exports import actions, tasks, working
from baophu.web.exports.lists import LISTS
from baophu.web.exports.models import Export, Problem, State
from baophu.web.exports.sheets import Book, Column, Sheet
from baophu.web.exports.taking import Taker
from baophu.web.exports.working import work
from baophu.web.exports.writing import Told, harmless, write

Browser = Callable[..., Any]
DANGEROUS = ["=1+1", "+84 28", "-5 người", "@sum", "\tx", " =cmd|' /C calc'!A0", "\n=1"]
PURPOSE = "đối chiếu hồ sơ giấy tháng 10"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_of(answer: Any, at: int = 0) -> list[tuple[Any, ...]]:
    """The rows of a sheet of the workbook that an answer is."""
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == XLSX
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    return list(book.worksheets[at].iter_rows(values_only=True))


def said(rows: list[tuple[Any, ...]]) -> str:
    """All that a sheet says."""
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def records(action: AuditRecord.Action) -> list[AuditRecord]:
    return list(AuditRecord.objects.filter(action=action))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lists of one person already need approval, lists of one row the background."""
    monkeypatch.setattr(actions, "PERSONS_UNAPPROVED", 0)
    monkeypatch.setattr(actions, "ROWS_AT_ONCE", 0)
    yield
    for path in actions.folder(Path(os.environ["BAOPHU_HOME"])).glob("*"):
        path.unlink()


@pytest.fixture
def no_people_asked(monkeypatch: pytest.MonkeyPatch, few: None) -> None:
    """Lists of one row need the background, and none needs approval."""
    monkeypatch.setattr(actions, "PERSONS_UNAPPROVED", 1_000)


def asked(browser: Any, path: str = f"/areas/{PROVINCE}/findings/take", **more: Any) -> Export:
    """Ask for a list, and return what came of it."""
    answer = browser.post(path, {"form": "xlsx", "purpose": PURPOSE, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Export.objects.latest("asked_at")


def done(export: Export) -> Export:
    """Do what waits, as the worker does."""
    tasks.prepare.func(str(export.pk))
    export.refresh_from_db()
    return export


# What is in a file


@pytest.mark.parametrize(
    ("page", "word"),
    [
        (f"/areas/{PROVINCE}/findings", finding_id(COMMUNE)),
        (f"/areas/{PROVINCE}/employers", company(COMMUNE)),
        (f"/employers/{employer_id(COMMUNE)}", finding_id(COMMUNE)),
        (f"/persons/{person(COMMUNE)}", company(COMMUNE)),
        (f"/areas/{PROVINCE}", COMMUNE),
        (f"/areas/{PROVINCE}/indicators/{SHARE}", COMMUNE),
        ("/areas/00/targets", "403/NQ-CP"),
        ("/areas/00/ranking", "Xếp hạng"),
        (f"/areas/{PROVINCE}/calendar", "11"),
        ("/loads", "Lần nạp"),
    ],
)
def test_each_page_gives_a_workbook_with_what_it_shows(signed_in: Browser, page: str, word: str) -> None:
    browser = signed_in("national")
    answer = browser.get(f"{page}/take?form=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert word in "\n".join(said(list(sheet.iter_rows(values_only=True))) for sheet in book)
    for sheet in book:
        assert sheet.freeze_panes is not None
        assert sheet.print_title_rows is not None
    head = said(list(book.worksheets[0].iter_rows(values_only=True, max_row=16)))
    assert "Somebody national-00" in head
    if page != "/loads":
        assert manifest().run in head
        assert "31/10/2026" in head


def test_the_rows_of_a_file_are_those_of_the_page_in_its_order(signed_in: Browser) -> None:
    browser = signed_in("provincial", PROVINCE)
    rows = sheet_of(browser.get(f"/areas/{PROVINCE}/findings/take?form=xlsx"))
    begin = next(at for at, row in enumerate(rows) if row[0] == "Loại trường hợp" and row[1] == "Lý do")
    assert [row[-1] for row in rows[begin + 1 :]] == sorted([finding_id(COMMUNE), finding_id(SIBLING)])
    none = sheet_of(browser.get(f"/areas/{PROVINCE}/findings/take?form=xlsx&kind=late"))
    assert finding_id(COMMUNE) not in said(none)
    assert "chậm đóng" in said(none)


def test_money_months_and_shares_are_numbers_and_dates_with_formats(signed_in: Browser) -> None:
    browser = signed_in("national")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/areas/{PROVINCE}/employers/take?form=xlsx").content))
    cells = {cell.value: cell for row in book.worksheets[0].iter_rows() for cell in row}
    assert cells[5_000].number_format == "#,##0"
    owed = next(cell for cell in cells.values() if getattr(cell.value, "year", 0) == MONTH.year)
    assert owed.number_format == "mm/yyyy"
    shares = sheet_of(browser.get(f"/areas/{PROVINCE}/indicators/{SHARE}/take?form=xlsx"))
    assert any(isinstance(row[1], float) and 0 < row[1] < 1 for row in shares)


def test_a_program_reads_csv_and_parquet(signed_in: Browser) -> None:
    browser = signed_in("national")
    answer = browser.get("/areas/00/employers/take?form=csv")
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sorted(row[0] for row in rows[1:]) == sorted(map(employer_id, (COMMUNE, SIBLING, FAR)))
    table = parquet.read_table(io.BytesIO(browser.get("/areas/00/employers/take?form=parquet").content))
    assert table.column("outstanding").to_pylist() == [5_000] * 3
    assert b"31/10/2026" in b"".join(table.schema.metadata.values())


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    columns = (Column("name", Text("Tên", "Name")), Column("amount", Text("Số", "Number"), "money"))
    sheet = Sheet(Text("Bảng", "Table"), columns, lambda: [(text, -5)], 1)
    book = Book(text, PROVINCE, (sheet,), (("Lọc", text),), text, manifest())
    told = Told("vi", text, timezone.now())
    write(book, told, tmp_path / "x.xlsx", "xlsx")
    found = openpyxl.load_workbook(tmp_path / "x.xlsx")
    cells = [cell for row in found.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    named = next(cell for cell in cells[-4:] if cell.value == text)
    assert named.quotePrefix
    write(book, told, tmp_path / "x.csv", "csv")
    row = list(csv.reader((tmp_path / "x.csv").open(encoding="utf-8-sig", newline="")))[1]
    assert row == [f"'{text}", "-5"]


def test_what_is_harmless_stays_as_it_is() -> None:
    assert harmless("Công ty A+B = C") == "Công ty A+B = C"
    assert harmless("") == ""


@pytest.mark.parametrize("text", ["12-14 Lê Lợi, P. 1", "Tổ 3, 5-7 Trần Phú; ĐT 028-3829", "A, B & C", "a@b.vn"])
def test_ordinary_names_and_addresses_are_not_touched(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Công ty A;=1+1", "Công ty A;'=1+1"),
        ("a\t=1", "a\t'=1"),
        ("a| @sum", "a| '@sum"),
        ("a, -1+2", "a, '-1+2"),
        ("a;＝1", "a;'＝1"),
        ("＝1+1", "'＝1+1"),
        ("＋84", "'＋84"),
        ("=1;=2", "'=1;'=2"),
    ],
)
def test_a_formula_behind_another_mark_between_cells_is_made_safe(text: str, safe: str) -> None:
    assert harmless(text) == safe


# Who may have it


def test_numbers_are_masked_unless_they_are_revealed_for_a_purpose(signed_in: Browser) -> None:
    browser = signed_in("provincial", PROVINCE)
    path = f"/areas/{PROVINCE}/findings/take"
    assert pid(COMMUNE) not in said(sheet_of(browser.get(f"{path}?form=xlsx&reveal=on")))
    assert browser.post(path, {"form": "xlsx", "reveal": "on", "purpose": "xem"}).status_code == 422
    assert browser.post(path, {"form": "xlsx", "reveal": "on", "purpose": f"người {pid(COMMUNE)}"}).status_code == 422
    assert records(AuditRecord.Action.REVEAL) == []
    full = said(sheet_of(browser.post(path, {"form": "xlsx", "reveal": "on", "purpose": PURPOSE})))
    assert pid(COMMUNE) in full
    assert PURPOSE in full
    (revealed,) = records(AuditRecord.Action.REVEAL)
    assert revealed.detail["purpose"] == PURPOSE
    assert pid(COMMUNE) not in str([one.detail for one in AuditRecord.objects.all()])


def test_a_person_is_taken_away_masked_and_without_what_needs_a_right_of_its_own(signed_in: Browser) -> None:
    path = f"/persons/{person(COMMUNE)}/take?form=xlsx"
    answer = signed_in("commune", COMMUNE).get(path)
    words = "\n".join(said(sheet_of(answer, at)) for at in range(3))
    assert pid(COMMUNE) not in words
    assert si_code(COMMUNE) not in words
    assert "nghèo" not in words
    sensitive = signed_in("commune", COMMUNE, name="nhay-cam", sensitive=True).get(path)
    assert "nghèo" in said(sheet_of(sensitive))


def test_who_only_sees_figures_takes_figures_away_and_no_list(signed_in: Browser) -> None:
    browser = signed_in("ministry")
    assert browser.get(f"/areas/{PROVINCE}/take?form=xlsx").status_code == 200
    assert browser.get(f"/areas/{PROVINCE}/findings/take?form=xlsx").status_code == 403
    assert "Cần xử lý" not in said(sheet_of(browser.get(f"/areas/{PROVINCE}/take?form=xlsx")))
    assert "/take?" not in browser.get("/account").content.decode()


def test_every_list_taken_away_is_recorded(signed_in: Browser) -> None:
    signed_in("commune", COMMUNE).get(f"/areas/{COMMUNE}/findings/take?form=csv&status=all")
    (made,) = records(AuditRecord.Action.EXPORT)
    assert made.subject == "list:findings"
    assert made.detail["rows"] == 1
    assert made.detail["area_code"] == COMMUNE
    assert made.detail["status"] == "all"


def test_taking_away_one_person_or_employer_is_on_record_where_its_openings_are(signed_in: Browser) -> None:
    browser = signed_in("national")
    key = "079099000001"
    browser.get(f"/persons/{person(COMMUNE)}/take?form=xlsx")
    browser.post(f"/persons/{person(COMMUNE)}/take", {"form": "xlsx", "reveal": "on", "purpose": PURPOSE})
    browser.get(f"/employers/{employer_id(COMMUNE)}/take?form=xlsx")
    browser.get(f"/areas/{PROVINCE}/employers/take?form=csv&name={key}")
    subjects = [one.subject for one in records(AuditRecord.Action.EXPORT)]
    who, firm = f"person:{person(COMMUNE)}", f"employer:{employer_id(COMMUNE)}"
    assert subjects == [who, who, firm, "list:employers"]
    assert [one.subject for one in records(AuditRecord.Action.REVEAL)] == [who]
    assert records(AuditRecord.Action.EXPORT)[-1].detail["name"] == "*********001"


def test_keys_and_codes_are_on_record_as_they_are(make_user: Callable[..., Any]) -> None:
    taker = Taker(Path(os.environ["BAOPHU_HOME"]), manifest(), scope_of(make_user("national")), "vi")
    book = LISTS["employer"].book(taker, {"employer_id": employer_id(COMMUNE)}, {})
    assert book is not None
    # As long as an insurance number, and none.
    where = {"employer_id": "0301234567"}
    actions.note_taken(user=make_user("manager"), page="employer", where=where, filters={}, book=book, form="xlsx",
                       purpose="")  # fmt: skip
    (made,) = records(AuditRecord.Action.EXPORT)
    assert (made.subject, made.detail["employer_id"]) == ("employer:0301234567", "0301234567")


def test_looking_at_what_may_be_taken_of_a_person_is_an_opening(signed_in: Browser) -> None:
    browser = signed_in("national")
    browser.get(f"/areas/{PROVINCE}/findings/take")
    assert records(AuditRecord.Action.OPEN_PERSON) == []
    assert browser.get(f"/persons/{person(COMMUNE)}/take").status_code == 200
    (made,) = records(AuditRecord.Action.OPEN_PERSON)
    assert (made.subject, made.detail["area_code"]) == (f"person:{person(COMMUNE)}", COMMUNE)


def test_the_auditor_takes_the_record_away(signed_in: Browser) -> None:
    browser = signed_in("auditor")
    rows = sheet_of(browser.get("/audit/take?form=xlsx&action=users.create"))
    assert "auditor-00" in said(rows)
    assert first_broken() is None


# Long lists


def test_a_long_list_is_prepared_in_the_background_and_told_when_ready(
    signed_in: Browser, no_people_asked: None
) -> None:
    browser = signed_in("provincial", PROVINCE)
    assert b'name="purpose"' in browser.get(f"/areas/{PROVINCE}/findings/take?form=xlsx").content
    export = asked(browser)
    assert export.state == State.QUEUED
    assert "chờ đến lượt" in browser.get("/exports").content.decode()
    work(Path(os.environ["BAOPHU_HOME"]), once=True)
    export.refresh_from_db()
    assert (export.state, export.rows, export.problem) == (State.READY, 2, "")
    assert '<span class="count num">1' in browser.get(f"/areas/{PROVINCE}").content.decode()
    answer = browser.get(f"/exports/{export.pk}/file")
    assert finding_id(SIBLING) in said(sheet_of(answer))
    assert '<span class="count num">' not in browser.get(f"/areas/{PROVINCE}").content.decode()
    assert len(records(AuditRecord.Action.ASK_EXPORT)) == len(records(AuditRecord.Action.FETCH_EXPORT)) == 1
    path = actions.file_of(export, Path(os.environ["BAOPHU_HOME"]))
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_is_its_askers_alone_and_only_while_his_rights_hold(
    signed_in: Browser, make_user: Callable[..., Any], no_people_asked: None
) -> None:
    user = make_user("provincial", PROVINCE)
    browser = browser_of(user)
    export = done(asked(browser))
    for role in ("national", "manager", "administrator", "auditor"):
        assert signed_in(role).get(f"/exports/{export.pk}/file").status_code == 404, role
    assert browser.get(f"/exports/{export.pk}/file").status_code == 200
    accounts.revoke(actor="test", held=user.grants.get())
    accounts.grant(actor="test", user=user, role="provincial", area_code="01")
    assert browser.get(f"/exports/{export.pk}/file").status_code == 403


def test_a_file_with_sensitive_data_needs_that_right_when_it_is_fetched(
    make_user: Callable[..., Any], no_people_asked: None
) -> None:
    user = make_user("provincial", PROVINCE, sensitive=True)
    export = done(asked(browser_of(user)))
    assert export.sensitive
    user.grants.update(sensitive=False)
    assert browser_of(user).get(f"/exports/{export.pk}/file").status_code == 403


def test_rights_that_ended_meanwhile_make_no_file(make_user: Callable[..., Any], no_people_asked: None) -> None:
    user = make_user("provincial", PROVINCE)
    export = asked(browser_of(user))
    accounts.revoke(actor="test", held=user.grants.get())
    assert done(export).problem == Problem.RIGHTS
    assert not actions.file_of(export, Path(os.environ["BAOPHU_HOME"])).exists()


def test_a_full_disk_is_told_leaves_nothing_and_can_be_tried_again(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch, no_people_asked: None
) -> None:
    browser = signed_in("provincial", PROVINCE)
    export = asked(browser)
    with monkeypatch.context() as full:
        full.setattr("baophu.core.home.os.fsync", _no_room)
        assert done(export).problem == Problem.DISK
    assert list(actions.folder(Path(os.environ["BAOPHU_HOME"])).iterdir()) == []
    assert "đĩa đầy" in browser.get("/exports").content.decode()
    browser.post(f"/exports/{export.pk}/again")
    assert done(Export.objects.get(pk=export.pk)).state == State.READY


def _no_room(descriptor: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_where_a_list_is_given_at_once(signed_in: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baophu.core.home.os.fsync", _no_room)
    answer = signed_in("provincial", PROVINCE).get(f"/areas/{PROVINCE}/findings/take?form=xlsx")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Không ghi được" in answer.content.decode()


def test_what_has_to_be_mended_first_is_told_in_its_own_words_and_not_as_a_full_disk(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch, no_people_asked: None
) -> None:
    browser = signed_in("provincial", PROVINCE)
    export = asked(browser)

    def broken(*given: object) -> None:
        raise BaophuError(
            Text(f"Luật thiếu mức của {pid(COMMUNE)}.", "The law lacks a rate."), Text("Nạp lại.", "Load.")
        )

    with monkeypatch.context() as lacking:
        lacking.setitem(LISTS, "findings", replace(LISTS["findings"], book=broken))
        assert done(export).problem == Problem.SAID
    page = browser.get("/exports").content.decode()
    assert "Luật thiếu mức của *********" in page and "Nạp lại." in page
    assert "đĩa đầy" not in page and pid(COMMUNE) not in page
    browser.post(f"/exports/{export.pk}/again")
    assert done(export).state == State.READY


def test_a_file_that_is_missing_is_not_told_as_a_full_disk(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch, no_people_asked: None
) -> None:
    def broken(*given: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    export = asked(signed_in("provincial", PROVINCE))
    monkeypatch.setitem(LISTS, "findings", replace(LISTS["findings"], book=broken))
    assert done(export).problem == Problem.PROGRAM


def test_work_that_was_killed_is_told_and_can_be_done_again(signed_in: Browser, no_people_asked: None) -> None:
    browser = signed_in("provincial", PROVINCE)
    export = asked(browser)
    gone = {"state": State.WORKING, "worker": "elsewhere:1", "seen_at": timezone.now() - timedelta(hours=1)}
    Export.objects.filter(pk=export.pk).update(**gone)
    page = browser.get("/exports").content.decode()
    assert "bị dừng giữa chừng" in page
    assert f"/exports/{export.pk}/again" in page


def test_work_that_is_told_to_stop_ends_as_failed(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch, no_people_asked: None
) -> None:
    def stops(*given: object) -> None:
        raise SystemExit(1)

    export = asked(signed_in("provincial", PROVINCE))
    monkeypatch.setattr(tasks, "write", stops)
    with pytest.raises(SystemExit):
        done(export)
    export.refresh_from_db()
    assert (export.state, export.problem) == (State.FAILED, Problem.STOPPED)


def test_a_file_is_gone_after_its_days_and_a_purge_takes_it_too(signed_in: Browser, no_people_asked: None) -> None:
    home = Path(os.environ["BAOPHU_HOME"])
    browser = signed_in("provincial", PROVINCE)
    first, second = done(asked(browser)), done(asked(browser))
    assert first.expires_at is not None and first.ready_at is not None
    assert first.expires_at - first.ready_at == timedelta(days=7)
    Export.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    assert browser.get(f"/exports/{first.pk}/file").status_code == 302
    assert actions.remove_expired(home) == 1
    assert not actions.file_of(first, home).exists()
    assert actions.file_of(second, home).exists()
    # As a purge does, which destroys all that was prepared for pages.
    actions.file_of(second, home).unlink()
    assert browser.get(f"/exports/{second.pk}/file").status_code == 302
    second.refresh_from_db()
    assert second.problem == Problem.GONE
    # Months later only the record knows of them.
    actions.remove_expired(home, timezone.now() + actions.REMEMBERED + timedelta(days=1))
    assert not Export.objects.exists()
    assert len(records(AuditRecord.Action.ASK_EXPORT)) == 2


def test_nobody_asks_for_more_than_a_few_at_a_time(signed_in: Browser, no_people_asked: None) -> None:
    browser = signed_in("provincial", PROVINCE)
    for _ in range(actions.MOST_AT_A_TIME):
        last = asked(browser)
    path = f"/areas/{PROVINCE}/findings/take"
    assert browser.post(path, {"form": "csv"}).status_code == 422
    browser.post(f"/exports/{last.pk}/withdraw")
    assert browser.post(path, {"form": "csv"}).status_code == 302


# Approvals


def test_a_list_of_many_people_waits_for_a_second_person(
    signed_in: Browser, make_user: Callable[..., Any], few: None
) -> None:
    browser = signed_in("provincial", PROVINCE)
    path = f"/areas/{PROVINCE}/findings/take"
    assert browser.post(path, {"form": "xlsx", "purpose": ""}).status_code == 422
    export = asked(browser)
    assert export.state == State.WAITING
    assert done(export).state == State.WAITING
    manager = signed_in("manager", PROVINCE)
    assert PURPOSE in manager.get("/approvals").content.decode()
    manager.post("/approvals/decide", {"export": export.pk, "decision": "approve", "reason": "đồng ý"})
    assert done(export).state == State.READY
    assert browser.get(f"/exports/{export.pk}/file").status_code == 200
    (approved,) = records(AuditRecord.Action.APPROVE_EXPORT)
    assert (approved.actor, approved.detail["for"]) == (f"manager-{PROVINCE}", f"provincial-{PROVINCE}")


def test_a_refusal_has_a_reason_and_is_told(signed_in: Browser, few: None) -> None:
    browser, manager = signed_in("provincial", PROVINCE), signed_in("manager", PROVINCE)
    export = asked(browser)
    assert (
        manager.post("/approvals/decide", {"export": export.pk, "decision": "refuse", "reason": ""}).status_code == 422
    )
    manager.post("/approvals/decide", {"export": export.pk, "decision": "refuse", "reason": "chưa rõ mục đích"})
    assert "chưa rõ mục đích" in browser.get("/exports").content.decode()
    assert len(records(AuditRecord.Action.REFUSE_EXPORT)) == 1
    for nothing in ("", "x", person(COMMUNE)):
        assert manager.post("/approvals/decide", {"export": nothing, "decision": "approve"}).status_code == 404
    # What was decided stays decided, and nobody is told otherwise.
    decision = {"export": export.pk, "decision": "approve", "reason": ""}
    told = manager.post("/approvals/decide", decision, follow=True).content.decode()
    assert "không có gì thay đổi" in told and "Đã duyệt." not in told
    manager.cookies["baophu_lang"] = "en"
    told = manager.post("/approvals/decide", decision, follow=True).content.decode()
    assert "nothing was done" in told and "Approved." not in told
    export.refresh_from_db()
    assert export.state == State.REFUSED


def test_what_came_to_its_end_is_neither_given_up_nor_done_again_and_it_is_said(signed_in: Browser, few: None) -> None:
    browser, manager = signed_in("provincial", PROVINCE), signed_in("manager", PROVINCE)
    export = asked(browser)
    manager.post("/approvals/decide", {"export": export.pk, "decision": "refuse", "reason": "chưa rõ mục đích"})
    for deed in ("withdraw", "again"):
        told = browser.post(f"/exports/{export.pk}/{deed}", follow=True).content.decode()
        assert "không có gì thay đổi" in told, deed
    export.refresh_from_db()
    assert (export.state, export.expires_at) == (State.REFUSED, None)


def test_nobody_approves_his_own(signed_in: Browser, few: None) -> None:
    manager = signed_in("manager", PROVINCE)
    export = asked(manager)
    assert str(export.pk) not in manager.get("/approvals").content.decode()
    assert manager.post("/approvals/decide", {"export": export.pk, "decision": "approve"}).status_code == 403
    export.refresh_from_db()
    assert export.state == State.WAITING


@pytest.mark.parametrize(("role", "area"), [("manager", FAR), ("manager", COMMUNE), ("national", "00")])
def test_only_who_approves_in_the_whole_area_approves(signed_in: Browser, few: None, role: str, area: str) -> None:
    export = asked(signed_in("provincial", PROVINCE))
    other = signed_in(role, area)
    answer = other.post("/approvals/decide", {"export": export.pk, "decision": "approve"})
    assert answer.status_code == (404 if role == "manager" else 403)
    export.refresh_from_db()
    assert export.state == State.WAITING


@pytest.mark.parametrize("path", [f"/areas/{PROVINCE}/findings/take", "/exports", "/approvals"])
def test_each_page_is_in_english_too(signed_in: Browser, few: None, path: str) -> None:
    asked(signed_in("national", "00"), "/areas/00/findings/take")
    browser = signed_in("manager")
    asked(browser, "/areas/00/findings/take")
    browser.cookies["baophu_lang"] = "en"
    text = browser.get(path).content.decode()
    assert not any(word in text for word in ("Danh sách", "Mục đích", "Dạng tệp", "chờ duyệt"))


def test_every_page_with_a_list_can_be_taken_away() -> None:
    assert {
        "area",
        "indicator",
        "ranking",
        "targets",
        "findings",
        "employers",
        "employer",
        "person",
        "loads",
        "audit",
    } <= set(LISTS)


# The process that does the work


class Enough(BaseException):
    """The end of a loop that goes on for good."""


def test_the_process_goes_on_where_it_could_not_tidy(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[Path] = []

    def broken(home: Path) -> None:
        tried.append(home)
        if len(tried) == 2:
            raise Enough
        raise OSError("no room")

    monkeypatch.setattr(working, "tidy", broken)
    monkeypatch.setattr(working, "_LOOKS_EVERY", 0.0)
    monkeypatch.setattr(working, "_TIDY_EVERY", -1.0)
    with pytest.raises(Enough):
        working._look_after(Path("/"), None)
    assert "Not tidied" in caplog.text


def test_the_process_is_begun_again_where_it_could_not_be_begun(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stopped, tried = threading.Event(), []

    def broken(command: list[str], **more: Any) -> None:
        tried.append(command)
        if len(tried) == 2:
            stopped.set()
        raise OSError("no memory")

    monkeypatch.setattr(working.subprocess, "Popen", broken)
    monkeypatch.setattr(working, "_PAUSE", 0.0)
    working._Keeper(Path("/"), stopped).run()
    assert len(tried) == 2
    assert "could not be started" in caplog.text
