"""The months of an employer: explained by the law, workers beside the tax register, articles in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from site_by_hand import COMMUNE, COMMUNES, FAR, PROVINCE, employer_id, finding_id, manifest

from baophu.core.languages import LANGUAGES, Language
from baophu.findings.kinds import kinds
from baophu.law.commands import basis_words
from baophu.web.accounts.scope import scope_of
from baophu.web.employer_law import NOT_KEPT, OTHERWISE, explained, workers
from baophu.web.reading import Reader

MONTH = date(2026, 10, 1)


@pytest.fixture
def text(signed_in: Callable[..., Any]) -> Callable[..., str]:
    """Return what a page says to a commune's officer."""

    browser = signed_in("commune", COMMUNE)

    def read(path: str, lang: str = "vi", status: int = 200) -> str:
        browser.cookies["baophu_lang"] = lang
        answer = browser.get(path)
        assert answer.status_code == status, path
        return str(answer.content.decode().replace("\u00a0", " "))

    return read


@pytest.fixture
def reader(home: Path, make_user: Callable[..., Any]) -> Reader:
    """Read the run by hand as a commune's officer."""
    return Reader(home, manifest(), scope_of(make_user("commune", COMMUNE, name="reader")))


def titles(node: Any) -> list[str]:
    return [node["title"], *(one for part in node["parts"] for one in titles(part))]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_month_says_what_is_due_by_the_law(text: Callable[..., str], lang: str) -> None:
    page = text(f"/employers/{employer_id(COMMUNE)}/months/2026-10", lang)
    for vi, en in (
        ("Căn cứ: khoản 4 Điều 13 Luật 41/2024/QH15", "By: Law 41/2024/QH15 art. 13(4)"),
        ("6.000 đồng", "6,000 VND"),  # to social insurance
        ("Nhóm a: 7 người", "Group a: 7 people"),
        ("Hạn đóng", "Due date"),
        ("chưa thấy tham gia", "Not seen in insurance"),
    ):
        assert (vi if lang == "vi" else en).lower() in page.lower()
    assert ("Did not apply" not in page) == (lang == "vi")


def test_what_came_late_is_explained_with_its_class_and_days(reader: Reader) -> None:
    row = reader.employer(employer_id(COMMUNE))
    assert row is not None
    told = explained(reader, row, MONTH, "en")
    assert told is not None
    assert told.note is None
    assert told.due["value"].replace("\u00a0", " ") == "9,000 VND"
    # Due on 30 November, and looked at on 31 October: nothing is late yet.
    assert any("the due date has passed" in one for one in told.charge["failed"])
    assert explained(reader, row, date(2020, 1, 1), "en") is None


def test_groups_that_do_not_make_the_sum_are_not_shown(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    row = reader.employer(employer_id(COMMUNE))
    assert row is not None
    read = Reader.of_employer

    def with_groups(alike: str | None) -> None:
        def of(self: Reader, table: str, code: str) -> Any:
            if table != "due_groups":
                return read(self, table, code)
            return [{"month": f"{MONTH}", "alike": alike}] if alike else []

        monkeypatch.setattr(Reader, "of_employer", of)

    for alike, note in (('[["a",2,2,2,7,20000,20000,20000,6001,2000,1000,5000,0]]', OTHERWISE), (None, NOT_KEPT)):
        with_groups(alike)
        told = explained(reader, row, MONTH, "vi")
        assert told is not None
        assert told.note == note
        assert not any("Nhóm a" in title for title in titles(told.due))


def test_workers_stand_beside_the_tax_register(text: Callable[..., str], reader: Reader) -> None:
    found = workers(reader, employer_id(COMMUNE))
    assert found is not None
    assert [(one.month.month, one.paid, one.declared, one.more, one.unseen) for one in found.months] == [
        (10, 9, 7, 2, 2), (9, None, 7, None, 0),
    ]  # fmt: skip
    page = text(f"/employers/{employer_id(COMMUNE)}")
    assert "cơ quan thuế ghi nhận trả lương cho" in page
    assert "the tax register has pay for" in text(f"/employers/{employer_id(COMMUNE)}", "en")
    assert f'href="/employers/{employer_id(COMMUNE)}/months/2026-10"' in page


@pytest.mark.parametrize("month", ["2026-09", "2026-1", "2026-13", "october", "2026-10-01"])
def test_a_month_that_there_is_not_has_no_page(text: Callable[..., str], month: str) -> None:
    text(f"/employers/{employer_id(COMMUNE)}/months/{month}", status=404)


def test_nobody_elses_employer_is_explained(text: Callable[..., str], reader: Reader) -> None:
    text(f"/employers/{employer_id(FAR)}/months/2026-10", status=404)
    for table in ("due_groups", "employer_letters", "employer_workers"):
        assert reader.of_employer(table, employer_id(COMMUNE))
        assert not any(reader.of_employer(table, employer_id(one)) for one in COMMUNES if one != COMMUNE)


@pytest.mark.parametrize("kind", list(kinds()))
def test_the_articles_of_a_kind_are_said_in_the_readers_language(kind: str) -> None:
    article = kinds()[kind].article
    vi: Language = "vi"
    words = basis_words(article, vi)
    assert "Luật" in words
    assert not any(word in words for word in ("Law ", "Decree", " art", "amended"))
    assert basis_words(article, "en") == article


def test_a_finding_names_its_law_in_both_languages(signed_in: Callable[..., Any]) -> None:
    browser = signed_in("provincial", PROVINCE)
    for lang, words in (("vi", "khoản 1 Điều 28 Luật 41/2024/QH15"), ("en", "Law 41/2024/QH15 arts 2(1)(a)")):
        browser.cookies["baophu_lang"] = lang
        assert words in browser.get(f"/findings/{finding_id(COMMUNE)}").content.decode()
