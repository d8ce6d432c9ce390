"""Comments: the committee and officers say something of an area, an indicator or a finding, and answer each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from browsers import browser_of
from callers import API, caller_of, told
from site_by_hand import COMMUNE, FAR, MONTH, OTHER_PROVINCE, PROVINCE, SHARE, SIBLING, finding_id

from baophu.areas.units import COUNTRY
from baophu.desk.audit import first_broken
from baophu.desk.models import AuditRecord
from baophu.web.accounts.rights import Right, Role
from baophu.web.accounts.scope import scope_of
from baophu.web.comments.models import Comment

Make = Callable[..., Any]


def said(browser: Any, text: str = "Cần rà soát lại", area: str = PROVINCE, **more: Any) -> Any:
    """Send the form of a comment."""
    return browser.post(f"/areas/{area}/comments", {"text": text, **more})


def page(browser: Any, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_the_committee_comments_and_an_officer_answers(signed_in: Make) -> None:
    committee, officer = signed_in("committee", PROVINCE), signed_in("provincial", PROVINCE)
    assert said(committee, "Vì sao giảm?\nĐề nghị báo cáo.").headers["Location"] == f"/areas/{PROVINCE}/comments"
    first = Comment.objects.get()
    assert (first.author, first.area_code, first.month) == (f"committee-{PROVINCE}", PROVINCE, MONTH)
    assert said(officer, "Đã có báo cáo số 12.", answers=first.pk).status_code == 302
    shown = page(committee, f"/areas/{PROVINCE}/comments")
    assert "Vì sao giảm?<br>Đề nghị báo cáo." in shown
    assert shown.index("Đề nghị báo cáo") < shown.index("Đã có báo cáo số 12.")
    assert f"Somebody provincial-{PROVINCE}" in shown


def test_the_newest_stand_on_the_overview_at_once_those_of_areas_below_too(signed_in: Make) -> None:
    browser = signed_in("committee", PROVINCE)
    overview = f"/areas/{PROVINCE}"
    assert "Chưa có ý kiến nào" in page(browser, overview)
    said(browser, "Lời một")
    assert "Lời một" in page(browser, overview)
    said(browser, "Lời hai", area=COMMUNE)
    shown = page(browser, overview)
    assert shown.index("Lời hai") < shown.index("Lời một")
    assert "Lời một" not in page(browser, f"/areas/{COMMUNE}")


def test_a_comment_on_an_indicator_stands_on_its_page(signed_in: Make) -> None:
    browser = signed_in("committee", PROVINCE)
    there = f"/areas/{PROVINCE}/indicators/{SHARE}"
    assert said(browser, "Tỷ lệ này thấp", indicator=SHARE).headers["Location"] == f"{there}#comments"
    assert "Tỷ lệ này thấp" in page(browser, there)
    assert "Tỷ lệ này thấp" not in page(browser, f"/areas/{PROVINCE}/indicators/si_total")
    assert there in page(browser, f"/areas/{PROVINCE}/comments")
    assert said(browser, "x", indicator="nothing").status_code == 404


def test_a_comment_on_a_finding_is_for_whom_its_list_is_open(signed_in: Make) -> None:
    officer, committee = signed_in("commune", COMMUNE), signed_in("committee", PROVINCE)
    path = f"/findings/{finding_id(COMMUNE)}"
    assert said(officer, "Đã hẹn chủ hộ", COMMUNE, finding_id=finding_id(COMMUNE)).headers["Location"].startswith(path)
    assert "Đã hẹn chủ hộ" in page(officer, path)
    assert "Đã hẹn chủ hộ" in page(officer, f"/areas/{COMMUNE}")
    for there in (f"/areas/{COMMUNE}", f"/areas/{COMMUNE}/comments", f"/areas/{PROVINCE}"):
        assert "Đã hẹn chủ hộ" not in page(committee, there)
    assert said(committee, "x", COMMUNE, finding_id=finding_id(COMMUNE)).status_code == 404
    assert said(committee, "x", COMMUNE, answers=Comment.objects.get().pk).status_code == 404
    assert said(officer, "x", COMMUNE, finding_id=finding_id(SIBLING)).status_code == 404


@pytest.mark.parametrize("own", [COUNTRY, PROVINCE, COMMUNE])
@pytest.mark.parametrize("role", list(Role))
def test_nobody_reads_or_writes_beyond_his_rights_and_areas(make_user: Make, role: Role, own: str) -> None:
    writer = browser_of(make_user("national", name="writer"))
    areas = (COUNTRY, PROVINCE, OTHER_PROVINCE, COMMUNE, SIBLING, FAR)
    for area in areas:
        said(writer, f"Riêng {area}.", area)
    user = make_user(role, own, name="reader")
    browser, scope = browser_of(user), scope_of(user)
    for area in areas:
        answer = browser.get(f"/areas/{area}/comments")
        assert (answer.status_code == 200) == scope.sees(area)
        for one in areas:
            assert scope.sees(one) or f"Riêng {one}." not in answer.content.decode(), (role, own, area, one)
        for given in ({}, {"answers": Comment.objects.get(area_code=area, author="writer", answers=None).pk}):
            written = said(browser, f"Lời từ {area}", area, **given)
            assert (written.status_code == 302) == scope.sees(area, Right.COMMENT), (role, own, area, given)
    assert {one.area_code for one in Comment.objects.filter(author="reader")} == {
        area for area in areas if scope.sees(area, Right.COMMENT)
    }


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "số 079099000001 chưa đóng", "số 079 099 000 001"])
def test_no_empty_or_endless_comment_and_none_with_a_persons_number(signed_in: Make, text: str) -> None:
    browser = signed_in("committee", PROVINCE)
    answer = said(browser, text)
    assert answer.status_code == 422
    assert not Comment.objects.exists()
    if text.startswith("số"):
        assert f">{text}</textarea>" in answer.content.decode(), "what was typed is there to be mended"


def test_sent_twice_it_is_kept_once_and_again_on_another_day(signed_in: Make) -> None:
    browser = signed_in("committee", PROVINCE)
    for _ in range(2):
        said(browser)
    assert Comment.objects.count() == 1
    old = Comment.objects.get()
    Comment.objects.filter(pk=old.pk).update(at=old.at - timedelta(days=1))
    said(browser)
    assert Comment.objects.count() == 2


def test_only_its_author_takes_a_comment_back_and_nothing_of_it_is_left(signed_in: Make, make_user: Make) -> None:
    author, other = signed_in("committee", PROVINCE), browser_of(make_user("provincial", PROVINCE))
    said(author, "Viết nhầm chỗ")
    back = {"deed": "take-back", "comment": Comment.objects.get().pk}
    path = f"/areas/{PROVINCE}/comments"
    assert "Rút lại ý kiến này" not in page(other, path)
    assert other.post(path, back).status_code == 403
    assert "Rút lại ý kiến này" in page(author, path)
    assert author.post(f"/areas/{COMMUNE}/comments", back).status_code == 404
    page(author, f"/areas/{PROVINCE}")
    assert author.post(path, back).status_code == 302
    for there in (path, f"/areas/{PROVINCE}"):
        assert "Viết nhầm chỗ" not in page(author, there) and "Người viết đã rút lại" in page(author, there)
    assert Comment.objects.get().text == ""


def test_an_answer_has_no_answers_and_stays_on_its_thing(signed_in: Make) -> None:
    browser = signed_in("committee", PROVINCE)
    said(browser, "Một", indicator=SHARE)
    first = Comment.objects.get()
    assert said(browser, "Hai", answers=first.pk, indicator="si_total").status_code == 302
    second = Comment.objects.exclude(pk=first.pk).get()
    assert second.indicator == SHARE
    assert said(browser, "Ba", answers=second.pk).status_code == 422
    for wrong in ("x", "9" * 30, "0", "²"):
        assert said(browser, "Ba", answers=wrong).status_code == 404


def test_what_is_written_is_text_and_no_markup(signed_in: Make) -> None:
    browser = signed_in("committee", PROVINCE)
    said(browser, "<script>x</script><b>đậm</b>")
    assert "<b>đậm" not in page(browser, f"/areas/{PROVINCE}/comments")


def test_the_list_goes_on_to_earlier_ones(signed_in: Make) -> None:
    browser = signed_in("committee", PROVINCE)
    for at in range(32):
        said(browser, f"Lời thứ {at:02}")
    first = page(browser, f"/areas/{PROVINCE}/comments")
    assert "Lời thứ 31" in first and "Lời thứ 01" not in first
    more = re.search(r"\?before=\d+", first)
    assert more is not None
    assert "Lời thứ 01" in page(browser, f"/areas/{PROVINCE}/comments{more[0]}")


def test_deeds_are_on_record_without_the_words(signed_in: Make) -> None:
    browser = signed_in("committee", PROVINCE)
    said(browser, "Một lời nói")
    browser.post(f"/areas/{PROVINCE}/comments", {"deed": "take-back", "comment": Comment.objects.get().pk})
    records = list(AuditRecord.objects.filter(action=AuditRecord.Action.COMMENT).order_by("id"))
    assert [(one.actor, one.subject) for one in records] == [
        (f"committee-{PROVINCE}", f"comment:{Comment.objects.get().pk}")
    ] * 2
    assert "Một lời nói" not in str([one.detail for one in records])
    assert first_broken() is None


def test_the_page_is_in_english_too(signed_in: Make) -> None:
    browser = signed_in("committee", PROVINCE)
    said(browser, "A word", indicator=SHARE)
    browser.cookies["baophu_lang"] = "en"
    shown = page(browser, f"/areas/{PROVINCE}/comments").split("<main")[1].split("</main>")[0]
    assert "figures of" in shown
    assert not re.search(r"Ý kiến|Trả lời|số liệu|Rút lại|Gửi", shown)


# The API


def test_a_program_reads_writes_and_answers(make_user: Make) -> None:
    calls = caller_of(make_user("provincial", PROVINCE))
    path = f"{API}/areas/{PROVINCE}/comments"
    assert told(calls.get(path)) == {"rows": [], "next": None}
    made = told(calls.post(path, {"text": "Một", "indicator": SHARE}, content_type="application/json"))
    again = told(calls.post(path, {"text": "Một", "indicator": SHARE}, content_type="application/json"))
    assert made == again and made["indicator"] == SHARE and made["month"] == "2026-10-01"
    told(calls.post(path, {"text": "Hai", "answers": made["id"]}, content_type="application/json"))
    (only,) = told(calls.get(path))["rows"]
    assert only["text"] == "Một" and [one["text"] for one in only["replies"]] == ["Hai"]
    finding = f"{API}/findings/{finding_id(COMMUNE)}/comments"
    told(calls.post(finding, {"text": "Ba"}, content_type="application/json"))
    assert [one["text"] for one in told(calls.get(finding))["rows"]] == ["Ba"]
    assert [one["finding_id"] for one in told(calls.get(path))["rows"]] == [finding_id(COMMUNE), None]


def test_a_mark_changes_with_each_comment(make_user: Make) -> None:
    calls = caller_of(make_user("provincial", PROVINCE))
    for path in (f"{API}/areas/{PROVINCE}/comments", f"{API}/findings/{finding_id(COMMUNE)}/comments"):
        mark = calls.get(path).headers["ETag"]
        assert calls.get(path, HTTP_IF_NONE_MATCH=mark).status_code == 304
        told(calls.post(path, {"text": "Một"}, content_type="application/json"))
        assert calls.get(path, HTTP_IF_NONE_MATCH=mark).status_code == 200


def test_a_program_writes_with_the_right_alone_and_nobodys_number(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    path, body = f"{API}/areas/{PROVINCE}/comments", {"text": "Một"}
    reads = caller_of(user, [Right.SEE])
    assert reads.get(path).status_code == 200
    assert reads.post(path, body, content_type="application/json").status_code == 403
    calls = caller_of(user)
    for wrong in ({"text": "số 079099000001"}, {"text": ""}, {"text": "x", "indicator": "nothing"}):
        told(calls.post(path, wrong, content_type="application/json"), 422)
    answered = {"text": "x", "answers": 999}
    told(calls.post(path, answered, content_type="application/json"), 422)
    assert calls.post(f"{API}/areas/{FAR}/comments", body, content_type="application/json").status_code == 403
    assert (
        calls.post(f"{API}/findings/{finding_id(FAR)}/comments", body, content_type="application/json").status_code
        == 404
    )
    assert not Comment.objects.exists()
