"""What a form is, as data: where its values stand, what its columns and codes mean. An administrator may edit it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text
from baophu.core.records import check, read_yaml
from baophu.registers.contracts import Column, Contract, Level, RowCheck, contracts

FOLDER = Path(__file__).parent / "mappings"

# increase: pays from a month on. decrease: no longer pays. wage: pays on another base. leave: does not pay for a while
# and still takes part. none: changes nothing in the registers. hold: kept aside for a person to decide.
Effect = Literal["increase", "decrease", "wage", "leave", "none", "hold"]
EFFECTS: dict[str, Text] = {
    "increase": Text("bắt đầu đóng", "begins to pay"),
    "decrease": Text("thôi đóng", "no longer pays"),
    "wage": Text("đổi mức đóng", "pays on another base"),
    "leave": Text("nghỉ, tạm không đóng", "on leave, does not pay for a while"),
    "none": Text("không đổi gì trong sổ", "changes nothing in the registers"),
    "hold": Text("giữ lại để xem xét", "held for a decision"),
    # What the reading of a line found instead of an effect.
    "unknown": Text("mã không có trong ánh xạ", "a code that the mapping has not"),
    "nowhere": Text("không thuộc phần nào", "in no section"),
    "disagrees": Text("mã và phần trái nhau", "code and section disagree"),
}

_CHANGE_FIELDS = (
    *("full_name", "si_code", "birth_date", "sex", "identity", "phone", "commune_code", "address", "note"),
    *("salary", "coefficient", "position_allowance", "seniority_percent", "occupation_percent", "wage_allowance"),
    *("additions", "start_month", "last_month", "section", "plan"),
)
_PERSON_FIELDS = ("full_name", "si_code", "birth_date", "sex", "identity", "phone", "commune_code", "address")


class FormColumn(BaseModel):
    """A column of a table, or an item of a page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str
    field: str | None = Field(default=None, description="what it gives of a line; none: it is not used")
    headings: tuple[str, ...] = Field(min_length=1, description="its headings; '>' means below a merged one")
    width: int = 12


class Layout(BaseModel):
    """One way in which the form is laid out in a workbook."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: Text
    items: bool = Field(default=False, description="a page of numbered items for each person, not a table")
    months: dict[Effect, tuple[str, ...]] = Field(
        default_factory=dict, description="the columns that tell from which month a change counts, the first that has"
    )
    columns: tuple[FormColumn, ...]
    needs: tuple[str, ...] = Field(description="the fields without which a table is not this form")

    @model_validator(mode="after")
    def _whole(self) -> Layout:
        fields = [column.field for column in self.columns if column.field]
        if len(set(fields)) != len(fields):
            raise ValueError("two columns of one field")
        if missing := set(self.needs) - set(fields):
            raise ValueError(f"needs fields that no column gives: {', '.join(sorted(missing))}")
        return self


class Plan(BaseModel):
    """What a code of a change means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    effect: Effect
    title: Text
    unverified: bool = False


class Form(BaseModel):
    """A form and how it maps to the registers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    code: str
    kind: Literal["changes", "registration"]
    title: Text
    basis: str
    unverified: tuple[Text, ...] = ()
    above: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    sections: dict[Literal["increase", "decrease", "other", "people", "wages"], tuple[str, ...]] = Field(
        default_factory=dict
    )
    sums: tuple[str, ...] = ()
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    default_group: str = "a"
    schemes: dict[Literal["compulsory", "unemployment", "health"], tuple[str, ...]] = Field(default_factory=dict)
    health_group: str = "employee"
    plans: dict[str, Plan] = Field(default_factory=dict)
    layouts: tuple[Layout, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Form:
        known = _CHANGE_FIELDS if self.kind == "changes" else _PERSON_FIELDS
        for layout in self.layouts:
            for column in layout.columns:
                if column.field is not None and column.field not in known:
                    raise ValueError(f"column {column.number}: no such field {column.field}; known: {', '.join(known)}")
        groups = contracts()["declarations"].column("group_code").values
        for group in (self.default_group, *(group for some in self.schemes.values() for group in some)):
            if group not in groups:
                raise ValueError(f"no such group: {group}")
        return self

    def layout(self, name: str) -> Layout:
        """Return a layout by its name."""
        return next(layout for layout in self.layouts if layout.name == name)


def forms(home: Path | None = None) -> dict[str, Form]:
    """Return the forms by name; a file of the home's `forms` folder goes before the program's of the same name.

    BaophuError names file and field where a mapping is wrong.
    """
    found = dict(_shipped())
    for path in sorted((home / "forms").glob("*.yaml")) if home else ():
        form = check(Form, read_yaml(path), path.name)
        if form.name != path.stem:
            raise BaophuError(
                Text(
                    f"{path}: tên trong tệp là '{form.name}', phải trùng tên tệp.",
                    f"{path}: it names itself '{form.name}', which must be the file's name.",
                )
            )
        found[form.name] = form
    return found


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Form]:
    return {path.stem: check(Form, read_yaml(path), path.name) for path in sorted(FOLDER.glob("*.yaml"))}


def mapping_file(form: Form, home: Path) -> Path:
    """Return the file that holds a form's mapping."""
    own = home / "forms" / f"{form.name}.yaml"
    return own if own.is_file() else FOLDER / f"{form.name}.yaml"


def form(word: str, home: Path | None = None) -> Form:
    """Return a form by its name or code, such as `D02-LT`; UnknownName proposes what was probably meant."""
    found = forms(home)
    for one in found.values():
        if word.lower() in (one.name, one.code.lower()):
            return one
    raise unknown(Text("biểu mẫu", "form"), word, {one.code: one.title.vi for one in found.values()})


def about(table: str, home: Path | None = None) -> Contract:
    """Return the contract of a table, or of the lines of a form of that name."""
    found = forms(home)
    return line_contract(found[table]) if table in found else contracts()[table]


def line_contract(form: Form) -> Contract:
    """Return the contract of a form's lines: the columns and checks of the registers that it goes into."""
    declared, people = contracts()["declarations"], contracts()["participants"]
    may_lack = {"value_required": False, "column_required": False, "references": None}
    columns: list[Column] = []
    checks: list[RowCheck] = []
    if form.kind == "changes":
        columns += [
            declared.column("employer_id"),
            declared.column("month"),
            Column(name="effect", title=Text("Loại thay đổi", "Kind of change"), type="text", values=EFFECTS),
            Column(name="plan", title=Text("Mã phương án", "Code of the change"), type="text", value_required=False),
        ]
    columns += [people.column("si_code").model_copy(update=may_lack), people.column("full_name")]
    for name in ("birth_date", "birth_year", "sex", "pid", "old_id", "phone", "address", "commune_code"):
        columns.append(people.column(name).model_copy(update=may_lack if form.kind == "changes" else {}))
    if form.kind == "changes":
        wage = declared.column("wage")
        columns.append(
            Column(
                name="salary",
                title=Text("Hệ số hoặc mức lương", "Coefficient or wage"),
                type="number",
                value_required=False,
                least=0,
            )
        )
        for name, title in (
            ("position_allowance", Text("Phụ cấp chức vụ", "Position allowance")),
            ("wage_allowance", Text("Phụ cấp lương", "Wage allowance")),
            ("additions", Text("Các khoản bổ sung", "Other additions")),
        ):
            columns.append(wage.model_copy(update={"name": name, "title": title, "note": None} | may_lack))
        for name, title in (
            ("coefficient", Text("Hệ số lương", "Coefficient")),
            ("seniority_percent", Text("Phụ cấp thâm niên vượt khung (%)", "Seniority beyond the frame (%)")),
            ("occupation_percent", Text("Phụ cấp thâm niên nghề (%)", "Occupational seniority (%)")),
        ):
            columns.append(Column(name=name, title=title, type="number", value_required=False, least=0))
        for name, title in (
            ("start_month", Text("Từ tháng", "From month")),
            ("last_month", Text("Đến hết tháng", "To the end of month")),
        ):
            columns.append(Column(name=name, title=title, type="month", value_required=False))
        columns.append(Column(name="note", title=Text("Ghi chú", "Note"), type="text", value_required=False))
        checks += _CHECKS
    checks += [one for one in TOGETHER if set(one.columns) <= {column.name for column in columns}]
    names = {column.name for column in columns}
    wanted = [one for one in people.checks if set(one.columns) <= names]
    checks += [one for one in wanted if form.kind == "registration" or one.id != "birth_known"]
    return Contract(
        table=form.name,
        order=1000,
        title=Text(f"Mẫu {form.code}", f"Form {form.code}"),
        owner=Text("Đơn vị sử dụng lao động", "Employers"),
        replaces="adds",
        columns=tuple(columns),
        checks=tuple(checks),
    )


_CHECKS = (
    RowCheck(
        id="plan_unknown",
        columns=("plan", "effect"),
        holds="effect <> 'unknown'",
        reason=Text(
            "Mã phương án không có trong ánh xạ; sửa mã, hoặc quản trị viên thêm mã vào ánh xạ của biểu mẫu.",
            "The mapping does not have this code; mend it, or let the administrator add it to the form's mapping.",
        ),
    ),
    RowCheck(
        id="section_unknown",
        columns=("effect",),
        holds="effect <> 'nowhere'",
        reason=Text(
            "Không rõ dòng thuộc phần nào; đặt dưới tiêu đề Tăng, Giảm (Lao động, Mức đóng) hoặc ghi mã phương án.",
            "It is not clear which section the line is in; put it below Tăng or Giảm, or give the code of the change.",
        ),
    ),
    RowCheck(
        id="section_disagrees",
        columns=("plan", "effect"),
        holds="effect <> 'disagrees'",
        reason=Text(
            "Mã phương án không hợp với phần chứa dòng này; sửa mã hoặc chuyển dòng sang phần đúng.",
            "The code does not go with the section that the line is in; mend the code or move the line.",
        ),
    ),
    RowCheck(
        id="plan_held",
        columns=("plan", "effect"),
        holds="effect <> 'hold'",
        level="hold",
        reason=Text(
            "Mã phương án này chưa được ánh xạ thành thay đổi trong sổ; cán bộ xem và xử lý.",
            "This code is not yet mapped to a change of the registers; a clerk looks at it.",
        ),
    ),
    RowCheck(
        id="wage_needed",
        columns=("salary", "effect"),
        holds="effect NOT IN ('increase', 'wage') OR COALESCE(salary, 0) > 0 OR COALESCE(coefficient, 0) > 0",
        reason=Text("Thiếu mức lương làm căn cứ đóng.", "The wage on which to pay is missing."),
    ),
    RowCheck(
        id="wage_whole",
        columns=("salary",),
        holds="salary <= 100 OR salary = FLOOR(salary)",
        reason=Text("Mức lương là số đồng nguyên, không có phần lẻ.", "The wage is whole VND, without a fraction."),
    ),
    RowCheck(
        id="coefficient",
        columns=("salary", "coefficient"),
        holds="effect NOT IN ('increase', 'wage') OR (COALESCE(salary, 101) > 100 AND COALESCE(coefficient, 0) = 0)",
        level="hold",
        reason=Text(
            "Đây là hệ số lương, không phải số tiền; cán bộ tính thành đồng rồi ghi lại.",
            "This is a coefficient and no amount; a clerk works it out in VND and enters it.",
        ),
    ),
    RowCheck(
        id="percent",
        columns=("seniority_percent", "occupation_percent"),
        holds="effect NOT IN ('increase', 'wage') "
        "OR (COALESCE(seniority_percent, 0) = 0 AND COALESCE(occupation_percent, 0) = 0)",
        level="hold",
        reason=Text(
            "Phụ cấp thâm niên tính theo phần trăm; cán bộ tính thành đồng rồi ghi vào phụ cấp lương.",
            "Seniority allowances are in per cent; a clerk works them out in VND and enters them as wage allowance.",
        ),
    ),
    RowCheck(
        id="last_after_start",
        columns=("last_month", "start_month"),
        holds="effect <> 'increase' OR last_month >= start_month",
        reason=Text("Tháng kết thúc trước tháng bắt đầu.", "The last month is before the first."),
    ),
)


def _together(name: str, column: str, level: Level, vi: str, en: str) -> RowCheck:
    return RowCheck(id=name, columns=(column,), holds="TRUE", level=level, reason=Text(vi, en))


# What shows only when a line is held against the other lines and the registers: `holds` says nothing of it.
TOGETHER = (
    _together(
        "line_repeated",
        "full_name",
        "reject",
        "Dòng lặp lại y nguyên một dòng ở trên.",
        "The line repeats an earlier one exactly.",
    ),
    _together(
        "two_lines",
        "full_name",
        "hold",
        "Một người có hai dòng khác nhau cho cùng một tháng; giữ lại một dòng đúng.",
        "One person has two different lines for one month; keep the one that is right.",
    ),
    _together(
        "after_month",
        "last_month",
        "reject",
        "Thay đổi tính từ sau tháng của danh sách; ghi vào danh sách của tháng ấy.",
        "The change counts from after the list's month; put it into the list of that month.",
    ),
    _together(
        "month_unclear",
        "start_month",
        "hold",
        "Không rõ đây là tháng đổi mức đóng hay tháng bắt đầu đóng; để trống nếu đổi từ tháng của danh sách.",
        "It is not clear whether this is the month of the new base or the first month paid; leave it empty where the "
        "base changes from the list's month.",
    ),
    _together(
        "si_code_missing",
        "si_code",
        "hold",
        "Chưa có mã số BHXH và không tìm được theo số định danh, họ tên, ngày sinh; nộp TK1-TS hoặc ghi mã số.",
        "There is no insurance number and none was found by personal number, name and birth; send TK1-TS or give it.",
    ),
    _together(
        "other_person",
        "si_code",
        "hold",
        "Mã số BHXH này mang tên hoặc ngày sinh khác trong sổ người tham gia; kiểm tra lại mã số và họ tên.",
        "In the register this insurance number has another name or birth; check the number and the name.",
    ),
    _together(
        "not_registered",
        "si_code",
        "hold",
        "Mã số BHXH chưa có trong sổ người tham gia và dòng thiếu ngày sinh hoặc giới tính; nộp kèm TK1-TS.",
        "The insurance number is not in the register and the line lacks birth or sex; send TK1-TS with it.",
    ),
    _together(
        "already_registered",
        "si_code",
        "hold",
        "Người này đã có trong sổ người tham gia với thông tin khác; nếu điều chỉnh thì cán bộ xử lý.",
        "The person is in the register already, with other particulars; a correction is for a clerk.",
    ),
    _together(
        "already_there",
        "salary",
        "hold",
        "Người này đã có trong danh sách của đơn vị tháng ấy với mức khác; nếu đổi mức đóng thì ghi ở phần Mức đóng.",
        "The person is on the employer's list of that month already, on another base; a new base goes under Mức đóng.",
    ),
    _together(
        "not_there",
        "si_code",
        "hold",
        "Người này không có trong danh sách của đơn vị tháng ấy, không giảm hay đổi mức được; kiểm tra mã số, tháng.",
        "The person is not on the employer's list of that month, so nothing can be taken off or changed; check number "
        "and month.",
    ),
    _together(
        "before_known",
        "start_month",
        "hold",
        "Tháng này ở trước tháng kê khai đầu tiên của đơn vị có trong sổ; nạp kê khai các tháng ấy trước.",
        "The month is before the employer's first declarations in the register; load those months first.",
    ),
    _together(
        "already_so", "full_name", "warn", "đã như vậy từ trước, không đổi gì", "was so already, nothing changed"
    ),
    _together("no_effect", "plan", "warn", "không đổi gì trong sổ", "changes nothing in the registers"),
    _together(
        "group_assumed",
        "full_name",
        "warn",
        "chưa biết nhóm đối tượng, ghi nhóm mặc định của ánh xạ",
        "the group is not known; the mapping's default was taken",
    ),
    _together(
        "number_filled",
        "si_code",
        "warn",
        "đã điền mã số BHXH theo số định danh",
        "insurance number found by personal number",
    ),
)
