"""Loads and the record of who did what, as they are taken away."""

from __future__ import annotations

from collections.abc import Iterator

from baophu.core.languages import Text
from baophu.desk.models import AuditRecord
from baophu.web import (
    views_audit,
    views_loads,
)
from baophu.web.accounts.rights import Right
from baophu.web.exports.sheets import Book, Row, Sheet
from baophu.web.exports.taking import (
    PAGE,
    Filters,
    Taker,
    Where,
    column,
    own_area,
    text,
)

_LOAD_COLUMNS = (
    text("load", "Lần nạp", "Load", 26),
    text("table", "Bảng", "Table", 30),
    column("loaded_at", "moment", "Nạp lúc", "Loaded at", 17),
    text("supplier", "Nơi gửi", "Sent by", 26),
    column("read", "count", "Đọc", "Read", 12),
    column("loaded", "count", "Nhận", "Kept", 12),
    column("rejected", "count", "Trả lại", "Sent back", 12),
    column("held", "count", "Giữ lại", "Held", 12),
    text("reasons", "Vì sao trả lại hoặc giữ lại", "Why rejected or held", 60),
    text("state", "Tình trạng", "State", 24),
)


def loads_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return the loads, the newest first; of one table where the page filters."""
    del where
    every, states = views_loads.known(taker.home)
    table = filters.get("table") or None
    chosen = [one for one in reversed(every) if table in (None, one.table)]

    def rows() -> Iterator[Row]:
        for one in chosen:
            said = views_loads.shown(one, states[one.load])
            reasons = "; ".join(f"{number} × {column}: {words}" for number, column, words in said["reasons"])
            yield (
                one.load, taker.say(said["title"]), one.loaded_at, said["supplier"], one.read, one.loaded,
                one.rejected, one.held, reasons, taker.say(said["state"][1]),
            )  # fmt: skip

    title = Text("Các lần nạp dữ liệu", "Loads")
    said = ((taker.say(Text("Bảng", "Table")), table or taker.say(Text("tất cả", "all"))),)
    area = own_area(taker, Right.LOADS)
    sheet = Sheet(title, _LOAD_COLUMNS, rows, len(chosen))
    source = Text("Baophu, sổ các lần nạp", "Baophu, the ledger of loads")
    return Book(taker.say(title), area, (sheet,), said, taker.say(source))


_RECORD_COLUMNS = (
    column("number", "count", "Số", "Number", 9),
    column("at", "moment", "Lúc", "At", 17),
    text("actor", "Người làm", "Who", 20),
    text("action", "Việc", "Deed", 30),
    text("subject", "Đối tượng", "Subject", 36),
    text("detail", "Chi tiết", "Detail", 60),
)


def audit_page(taker: Taker, where: Where, filters: Filters) -> Book | None:
    """Return the record, the newest first, as its page filters it."""
    del where
    given = {name: filters.get(name, "") for name in views_audit.FILTERS}
    found, _ = views_audit.records(taker.scope, given)

    def rows() -> Iterator[Row]:
        for one in found.order_by("-id").iterator(chunk_size=PAGE):
            detail = "; ".join(f"{name}: {value}" for name, value in views_audit.details(one.detail))
            yield one.pk, one.at, one.actor, str(one.get_action_display()), one.subject, detail

    title = Text("Nhật ký", "Audit record")
    names = {
        "actor": Text("Người làm", "Who"), "action": Text("Việc", "Deed"), "subject": Text("Đối tượng", "Subject"),
        "since": Text("Từ ngày", "From"), "until": Text("Đến ngày", "To"),
    }  # fmt: skip
    known = dict(AuditRecord.Action.choices)
    said = tuple((taker.say(names[name]), str(known.get(words, words))) for name, words in given.items() if words)
    sheet = Sheet(title, _RECORD_COLUMNS, rows, found.count())
    source = Text("Baophu, nhật ký móc xích", "Baophu, the chained record")
    return Book(taker.say(title), own_area(taker, Right.AUDIT), (sheet,), said, taker.say(source))
