"""All that the site holds of one person, and who opened it: what a person who asks for his data is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from baophu.areas.units import COUNTRY
from baophu.core.languages import Language, Text
from baophu.desk.models import AuditRecord
from baophu.registers.contracts import contracts
from baophu.results.store import Manifest
from baophu.web import telling
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Held, Scope
from baophu.web.exports.lists import LISTS
from baophu.web.exports.sheets import Book, Column, Row, Sheet
from baophu.web.exports.taking import Taker
from baophu.web.lists import as_date
from baophu.web.reading import Reader
from baophu.web.templatetags.baophu import area_name

_BENEFITS = (
    Column("benefit", Text("Chế độ", "Benefit"), width=40),
    Column("first", Text("Từ tháng", "From"), "month", 10),
    Column("last", Text("Đến tháng", "To"), "month", 10),
    Column("months", Text("Số tháng", "Months"), "count", 10),
)
_FINDINGS = (
    Column("kind", Text("Trường hợp", "Finding"), width=44),
    Column("reason", Text("Lý do", "Reason"), width=50),
    Column("first", Text("Từ tháng", "From"), "month", 10),
    Column("last", Text("Đến tháng", "To"), "month", 10),
    Column("area", Text("Đơn vị", "Area"), width=30),
)
_OPENED = (
    Column("at", Text("Lúc", "At"), "moment", 17),
    Column("actor", Text("Người mở", "Who"), width=20),
    Column("action", Text("Việc", "Deed"), width=34),
    Column("purpose", Text("Mục đích", "Purpose"), width=60),
)
_FACTS = (
    Column("what", Text("Thông tin", "What"), width=30),
    Column("value", Text("Giá trị", "Value"), width=44),
)


def held_of(home: Path, run: Manifest, lang: Language, person: str, roots: frozenset[str]) -> Book | None:
    """Return all of one person, numbers in full, sensitive facts too; None where he is not in the areas of `roots`.

    It is he who asks, so that nothing of his is kept from him, wherever in the country it lies: the scope is of this
    one person's data alone, made here and used for nothing else. Whoever calls has checked the request and recorded
    the deed.
    """
    if Reader(home, run, Scope((Held(frozenset({Right.PERSONS}), roots),))).person(person) is None:
        return None
    rights = frozenset({Right.PERSONS, Right.REVEAL, Right.SENSITIVE, Right.EXPORT, Right.WORK})
    taker = Taker(home, run, Scope((Held(rights, frozenset({COUNTRY})),)), lang, revealed=True)
    book = LISTS["person"].book(taker, {"person_key": person}, {})
    row = taker.reader.person(person)
    if book is None or row is None:
        return None
    population = {one.name: dict(one.values) for one in contracts()["population"].columns if one.values}

    def facts() -> Iterator[Row]:
        for name, words in (("sex", Text("Giới tính", "Sex")), ("ethnic", Text("Dân tộc", "Ethnicity")),
                            ("poverty", Text("Hộ nghèo, cận nghèo", "Poverty"))):  # fmt: skip
            said = population.get(name, {}).get(row[name] or "")
            yield taker.say(words), taker.say(said) if said else None
        yield taker.say(Text("Ngày chết theo dân cư", "Died, by the population register")), row["deceased_on"]

    benefits = taker.reader.of_person("person_benefits", person)
    benefit_words = {one.name: dict(one.values) for one in contracts()["benefits"].columns if one.values}["benefit"]
    findings = [telling.said(one, lang, True) for one in taker.reader.of_person("findings", person)]
    records = AuditRecord.objects.filter(subject=f"person:{person}").order_by("-id")
    more = (
        Sheet(Text("Thông tin khác", "Other facts"), _FACTS, facts, 4),
        Sheet(
            Text("Chế độ hưởng", "Benefits"), _BENEFITS,
            lambda: ((taker.say(benefit_words[one["benefit"]]) if one["benefit"] in benefit_words else one["benefit"],
                      as_date(one["from_month"]), as_date(one["to_month"]), one["months"]) for one in benefits),
            len(benefits),
        ),
        Sheet(
            Text("Trường hợp cần xử lý", "Findings"), _FINDINGS,
            lambda: ((one.title, one.reason, one.from_month, one.last_month, area_name(one.area)) for one in findings),
            len(findings),
        ),
        Sheet(
            Text("Ai đã mở", "Who opened it"), _OPENED,
            lambda: ((one.at, one.actor, str(one.get_action_display()), str(one.detail.get("purpose", "")))
                     for one in records),
            records.count(),
        ),
    )  # fmt: skip
    title = taker.say(Text("Dữ liệu đang giữ về một người", "What is held of a person"))
    return replace(book, title=title, sheets=(*book.sheets, *more))
