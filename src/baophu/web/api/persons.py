"""One person, with numbers masked; the numbers in full for a purpose. Every opening and every reveal is recorded."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import placed
from baophu.web.api.asking import token_used
from baophu.web.api.findings import Finding, listed
from baophu.web.api.site import NotValid
from baophu.web.api.told import Place, Stamp, answers, place_of, stamp, told, words
from baophu.web.reading import Reader, Row, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import said
from baophu.web.views_persons import PurposeForm, person_told

router = Router(tags=["Người / People"])
PersonKey = Annotated[
    str,
    Path(
        description="Khóa của người, không chứa số nào / Key of a person, which holds no number", examples=["9f8e7d6c"]
    ),
]


class InsuranceNumber(Schema):
    """An insurance number that was joined to somebody."""

    number: str = told("Số, được che trừ khi có mục đích", "Number, masked unless revealed", "*******123")
    status: str = told("Tình trạng ghép nối", "Status of the link", "đã nhận")
    rule: str | None = told("Quy tắc đã ghép", "The rule that joined it", "trùng số định danh")
    score: float | None = told("Mức khớp", "How well it fits", 1.0)
    rivals: int | None = told("Số ứng viên khác", "Others that might be meant", 0)
    registered_on: date | None = told("Ngày đăng ký", "Registered on", "2015-03-01")


class Spell(Schema):
    """Months of participation."""

    scheme: str | None = told("Loại hình", "Scheme", "bắt buộc")
    group: str | None = told(
        "Nhóm đối tượng; có nhóm cần quyền riêng", "Group; some need a right of their own", "hợp đồng"
    )
    first: date | None = told("Từ tháng", "First month", "2015-03-01")
    last: date | None = told("Đến hết tháng; trống là đang tham gia", "Last month; null while it goes on", "2017-12-01")
    employer_id: str | None = told("Đơn vị", "Employer", "TA01234")
    employer: str | None = told(
        "Tên đơn vị, nếu trong phạm vi", "Its name, where it is in scope", "Công ty TNHH Đông Á"
    )
    area_code: str | None = told("Mã đơn vị hành chính", "Code of the area", "25747")


class GapBetween(Schema):
    """Months without participation."""

    family: str = told("Bảo hiểm nào", "Which insurance", "Bảo hiểm xã hội")
    first: date = told("Từ tháng", "First month", "2018-01-01")
    last: date = told("Đến hết tháng", "Last month", "2018-12-01")
    months: int = told("Số tháng", "Months", 12)
    goes_on: bool = told("Còn đang gián đoạn", "It still goes on", False)


class Benefit(Schema):
    """A benefit that was drawn."""

    benefit: str | None = told("Chế độ", "Benefit", "trợ cấp thất nghiệp")
    first: date | None = told("Từ tháng", "First month", "2018-02-01")
    last: date | None = told("Đến tháng", "Last month", "2018-06-01")
    months: int | None = told("Số tháng", "Months", 5)


class Person(Schema):
    """A person."""

    person: str = told("Khóa", "Key", "9f8e7d6c")
    run: Stamp
    area: Place | None = told("Nơi cư trú", "Residence", None)
    full_name: str | None = told("Họ và tên", "Full name", "Trần Thị Hoa")
    birth_year: int | None = told("Năm sinh", "Year of birth", 1985)
    sex: str | None = told("Giới tính", "Sex", "nữ")
    deceased_on: date | None = told("Ngày mất", "Died on", None)
    pid: str = told(
        "Số định danh, được che trừ khi có mục đích", "Personal number, masked unless revealed", "*********456"
    )
    ethnic: str | None = told("Dân tộc; cần quyền riêng", "Ethnicity; needs a right of its own", None)
    poverty: str | None = told("Hộ nghèo; cần quyền riêng", "Poverty; needs a right of its own", None)
    numbers: list[InsuranceNumber] = told("Các mã số BHXH", "The insurance numbers", [])
    spells: list[Spell] = told("Quá trình tham gia", "Participation", [])
    gaps: list[GapBetween] = told("Gián đoạn", "Gaps", [])
    benefits: list[Benefit] = told("Chế độ đã hưởng; cần quyền riêng", "Benefits; need a right of their own", [])
    findings: list[Finding] = told("Trường hợp cần xử lý", "Findings", [])
    revealed: bool = told("Các số có được hiện đủ", "Whether the numbers are in full", False)


class Purpose(Schema):
    """What the numbers are needed for."""

    purpose: str = Field(
        min_length=10,
        max_length=300,
        description="Mục đích, được ghi vào nhật ký; không ghi số của ai "
        "/ What for; it goes into the record and holds nobody's number",
        examples=["Đối chiếu hồ sơ giấy theo công văn 12/BHXH"],
    )


@router.get(
    "/persons/{person_key}", response=answers(Person), summary="Một người, số được che / A person, numbers masked"
)
@rule(Right.PERSONS, looks_up=True)
def person(request: HttpRequest, person_key: PersonKey) -> Person:
    """Tham gia, gián đoạn, ghép nối; việc mở được ghi. / Participation, gaps, links; the opening is recorded."""
    reader = reader_of(request)
    row = _row(reader, person_key)
    _note(request, AuditRecord.Action.OPEN_PERSON, row, {})
    return _person(reader, row, revealed=False)


@router.post(
    "/persons/{person_key}",
    response=answers(Person),
    summary="Xem đủ số, có mục đích / The numbers in full, for a purpose",
)
@rule(Right.PERSONS, looks_up=True)
def reveal(request: HttpRequest, person_key: PersonKey, body: Purpose) -> Person:
    """Cần quyền xem đủ số; mục đích vào nhật ký trước. / Needs the right to reveal; the purpose is recorded first."""
    reader = reader_of(request)
    row = _row(reader, person_key)
    if not reader.scope.sees(placed(row["area_code"]), Right.REVEAL):
        raise PermissionDenied
    form = PurposeForm({"purpose": body.purpose})
    if not form.is_valid():
        raise NotValid({"body.purpose": str(form.errors["purpose"][0])})
    _note(request, AuditRecord.Action.REVEAL, row, {"purpose": form.cleaned_data["purpose"]})
    return _person(reader, row, revealed=True)


def _row(reader: Reader, key: str) -> Row:
    found = reader.person(key)
    if found is None:
        raise Http404
    return found


def _note(request: HttpRequest, action: AuditRecord.Action, row: Row, detail: dict[str, Any]) -> None:
    """Record who looks, before he is answered; by which key, where he used one."""
    token = token_used(request)
    by = {"token": token.pk} if token else {}
    actor = cast(User, request.user).username
    record(actor, action, f"person:{row['person']}", {**detail, "area_code": row["area_code"], **by})


def _person(reader: Reader, row: Row, revealed: bool) -> Person:
    known = person_told(reader, row, revealed)
    sensitive = known["sensitive"]
    return Person(
        person=row["person"],
        run=stamp(reader),
        area=place_of(row["area_code"] or ""),
        full_name=row["full_name"],
        birth_year=row["birth_year"],
        sex=words(known["sex"]),
        deceased_on=known["deceased_on"],
        pid=known["pid"],
        ethnic=words(known["ethnic"]) if sensitive else None,
        poverty=words(known["poverty"]) if sensitive else None,
        numbers=[
            InsuranceNumber(**{**one, "status": words(one["status"]), "rule": words(one["rule"])})
            for one in known["numbers"]
        ],
        spells=[
            Spell(**{**one, "scheme": words(one["scheme"]), "group": words(one["group"]), "area_code": one["area"]})
            for one in known["spells"]
        ],
        gaps=[
            GapBetween(family=said(one.family), first=one.first, last=one.last, months=one.months, goes_on=one.goes_on)
            for one in known["gaps"]
        ],
        benefits=[Benefit(**{**one, "benefit": words(one["words"])}) for one in known["benefits"]],
        findings=listed(reader, reader.of_person("findings", row["person"])),
        revealed=revealed,
    )
