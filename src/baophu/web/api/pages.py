"""Going through a list page by page is taking it away: it asks for the same right and leaves the same record.

Without that right the first page is open, on record, and so many times a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django.http import HttpRequest

from baophu.core.languages import Text
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.api.asking import token_used
from baophu.web.api.site import NotAllowed, TooManyLists
from baophu.web.exports.actions import note_first_page, note_paged
from baophu.web.reading import Page, Reader

_FIRST_ONLY = Text(
    "Không có quyền tải danh sách ở đơn vị này thì chỉ xem được trang đầu. Thêm quyền ấy cho khóa, hoặc lọc hẹp lại.",
    "Without the right to take lists away from this area only the first page is open. Give the key that right, or"
    " filter more narrowly.",
)


def opened(
    request: HttpRequest, reader: Reader, name: str, area_code: str, filters: Mapping[str, str | None], page: Page
) -> None:
    """Let the first page of a list be answered; without the right to take it away it is recorded, and counted.

    TooManyLists where there were enough that day.
    """
    if reader.scope.sees(area_code, Right.EXPORT):
        return
    token = token_used(request)
    may = note_first_page(
        user=cast(User, request.user), page=name, area_code=area_code,
        filters={name: value for name, value in filters.items() if value}, rows=len(page.rows), run=reader.run,
        token=token.pk if token else None,
    )  # fmt: skip
    if not may:
        raise TooManyLists


def turned(
    request: HttpRequest, reader: Reader, name: str, area_code: str, filters: Mapping[str, str | None], page: Page
) -> None:
    """Let a page after the first be answered, and record it before it is: whose, by which key, of which list.

    NotAllowed without the right to take lists away from the area.
    """
    if not reader.scope.sees(area_code, Right.EXPORT):
        raise NotAllowed(_FIRST_ONLY)
    token = token_used(request)
    note_paged(
        user=cast(User, request.user), page=name, area_code=area_code,
        filters={name: value for name, value in filters.items() if value}, rows=len(page.rows), run=reader.run,
        token=token.pk if token else None,
    )  # fmt: skip
