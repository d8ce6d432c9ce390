"""The commands `baophu law explain …`: how a figure came about, as text, as JSON, as a page.

`cli.py` sets `ctx.obj` with `lang`, `home` and `explanation_page` (the page is made further down the house), adds the
explanations of an employer's month and of a charge, and prints a BaophuError that is raised.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from baophu.core.commands import lang_of
from baophu.core.errors import BaophuError, did_you_mean, nearest, unknown
from baophu.core.home import whole_file
from baophu.core.languages import Text
from baophu.core.numbers import read_month
from baophu.core.terminal import print_table

if TYPE_CHECKING:
    from baophu.law.trace import Step

app = typer.Typer(
    name="explain",
    help="Giải thích một con số: quy tắc, điều luật, tham số, điều không áp dụng. / Explain a figure, step by step.",
    no_args_is_help=True,
)

FormOption = Annotated[
    Literal["text", "json", "html"],
    typer.Option("--format", help="Chữ, JSON, hoặc một trang. / Text, JSON, or a page."),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="TỆP|FILE", help="Ghi vào tệp này. / Write it here.")]
MonthOption = Annotated[str, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng: 2026-10. / The month.")]
_YieldOption = Annotated[
    str | None,
    typer.Option(
        "--fund-yield",
        help="Lãi suất đầu tư quỹ bình quân tháng, ví dụ 0.005. / The fund's monthly yield, such as 0.005.",
    ),
]


def show(ctx: typer.Context, step: Step, form: str, out: Path | None) -> None:
    """Show an explanation in the form asked for; a page always goes to a file."""
    from baophu.law.trace import render_text, to_json

    lang = lang_of(ctx)
    if form == "json":
        text = json.dumps(to_json(step), ensure_ascii=False, indent=1) + "\n"
    elif form == "html":
        text, out = ctx.obj.explanation_page(step), out or Path(f"baophu-{step.id}.html")
    else:
        text = render_text(step, lang) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    with whole_file(out) as part:
        part.write_text(text, encoding="utf-8")
    typer.echo(Text(f"Đã ghi {out.absolute()}", f"Written: {out.absolute()}").say(lang), err=True)


@app.command("worker-month")
def worker_month(
    ctx: typer.Context,
    month: MonthOption,
    group: Annotated[str, typer.Option("--group", help="Nhóm đối tượng: a … n, đ. / The group, a … n, đ (dd).")],
    wage: Annotated[int | None, typer.Option("--wage", min=0, help="Tiền lương kê khai, đồng. / Wage, VND.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Vùng lương: I … IV. / The wage region.")] = None,
    unpaid_days: Annotated[
        int | None, typer.Option("--unpaid-days", min=0, help="Số ngày không hưởng lương. / Days without pay.")
    ] = None,
    reduced_accident: Annotated[
        bool | None, typer.Option("--reduced-accident/--full-accident", help="Mức TNLĐ thấp hơn. / The reduced rate.")
    ] = None,
    ui_member: Annotated[
        bool | None, typer.Option("--ui-member/--no-ui-member", help="Nhóm b có tham gia BHTN. / Group b in UI.")
    ] = None,
    absence_kind: Annotated[str | None, typer.Option("--absence-kind", help="Lý do nghỉ. / Why absent.")] = None,
    work_month: Annotated[
        str | None, typer.Option("--work-month", help="Tháng đầu làm việc, trở lại. / First month, or back.")
    ] = None,
    agreed_to_pay: Annotated[
        bool | None, typer.Option("--agreed-to-pay/--not-agreed", help="Thỏa thuận vẫn đóng. / Agreed to pay.")
    ] = None,
    last_base: Annotated[
        int | None, typer.Option("--last-base", min=0, help="Căn cứ đóng tháng gần nhất. / The last month's base.")
    ] = None,
    base_choice: Annotated[str | None, typer.Option("--base-choice", help="Mức tự chọn. / The level chosen.")] = None,
    pay_unit: Annotated[
        str | None, typer.Option("--pay-unit", help="Lương theo month, week, day, hour. / The unit of pay.")
    ] = None,
    pay_rate: Annotated[
        int | None, typer.Option("--pay-rate", min=0, help="Tiền lương mỗi đơn vị ấy. / Pay for each unit.")
    ] = None,
    units_in_month: Annotated[
        int | None, typer.Option("--units-in-month", min=0, help="Số giờ, ngày, tuần. / Units in the month.")
    ] = None,
    ui_relief: Annotated[
        str | None, typer.Option("--ui-relief", help="Trường hợp giảm BHTN. / Relief from unemployment insurance.")
    ] = None,
    months_since_hire: Annotated[
        int | None, typer.Option("--months-since-hire", min=0, help="Số tháng từ khi tuyển. / Months since hiring.")
    ] = None,
    form: FormOption = "text",
    out: OutOption = None,
) -> None:
    """Một người, một tháng: căn cứ đóng, từng phần, tổng số. / A worker's month: bases, parts, what is due."""
    told: dict[str, Any] = {
        "month": read_month(month),
        "group_code": group,
        "wage": wage,
        "region": region,
        "unpaid_days": unpaid_days,
        "reduced_accident": reduced_accident,
        "ui_member": ui_member,
        "absence_kind": absence_kind,
        "work_month": work_month,
        "agreed_to_pay": agreed_to_pay,
        "last_base": last_base,
        "base_choice": base_choice,
        "pay_unit": pay_unit,
        "pay_rate": pay_rate,
        "units_in_month": units_in_month,
        "ui_relief": ui_relief,
        "months_since_hire": months_since_hire,
    }
    show(ctx, explained_month({name: value for name, value in told.items() if value is not None}), form, out)


def explained_month(told: Mapping[str, Any]) -> Step:
    """Return what is due for one worker-month, by who pays it and by fund; `told` are inputs of the rules by name."""
    from baophu.law.explaining import steps

    made = steps(("total", "due_si", "due_hi", "due_ui"), **told)
    total = made.pop("total")
    return replace(total, parts=(*total.parts, *made.values()))


@app.command()
def voluntary(
    ctx: typer.Context,
    month: MonthOption,
    income: Annotated[int, typer.Option("--income", min=0, help="Thu nhập chọn, đồng. / Income chosen, VND.")],
    support_group: Annotated[
        list[str] | None,
        typer.Option("--support-group", help="Diện hỗ trợ: poor, near_poor, … / The group for support."),
    ] = None,
    supported_before: Annotated[
        int, typer.Option("--supported-before", min=0, help="Số tháng đã được hỗ trợ. / Months of support so far.")
    ] = 0,
    place: Annotated[str | None, typer.Option("--place", help="Tỉnh có hỗ trợ thêm. / Place with own support.")] = None,
    fund_yield: _YieldOption = None,
    form: FormOption = "text",
    out: OutOption = None,
) -> None:
    """Phương án đóng BHXH tự nguyện: từng cách đóng, hỗ trợ, hạn. / A plan of voluntary insurance, each way to pay."""
    from baophu.law.examples import schema
    from baophu.law.parameters import book
    from baophu.law.people.questions import voluntary_plan

    groups = support_group or ["other"]
    _listed(Text("diện hỗ trợ", "support group"), groups, schema()["voluntary_net"].inputs["support_groups"].choices)
    step = voluntary_plan(
        book(),
        month=read_month(month),
        income=income,
        support_groups=groups,
        months_supported_before=supported_before,
        place=place,
        fund_yield=_fraction(fund_yield),
    )
    show(ctx, step, form, out)


@app.command()
def pension(
    ctx: typer.Context,
    sex: Annotated[str, typer.Option("--sex", help="male, female (nam, nữ / a man, a woman).")],
    birth_month: Annotated[str, typer.Option("--birth-month", help="Tháng sinh: 1970-03. / Month of birth.")],
    month: MonthOption,
    months_paid: Annotated[int, typer.Option("--months-paid", min=0, help="Số tháng đã đóng. / Months paid so far.")],
    average_base: Annotated[int, typer.Option("--average-base", min=0, help="Mức bình quân. / The average base, VND.")],
    further: Annotated[
        list[int] | None, typer.Option("--further", min=1, help="Đóng thêm số tháng này. / Months more, to compare.")
    ] = None,
    income: Annotated[
        int | None, typer.Option("--income", min=0, help="Thu nhập chọn để đóng một lần. / Income to pay at once.")
    ] = None,
    fund_yield: _YieldOption = None,
    form: FormOption = "text",
    out: OutOption = None,
) -> None:
    """Lương hưu: khi nào, bao nhiêu, nếu đóng thêm thì sao. / A pension: when, how much, and with more months."""
    from baophu.law.examples import schema
    from baophu.law.parameters import book
    from baophu.law.people.questions import pension_outlook

    _listed(Text("giới tính", "sex"), [sex], schema()["retirement_age"].inputs["sex"].choices)
    step = pension_outlook(
        book(),
        sex=sex,
        birth_month=read_month(birth_month),
        month=read_month(month),
        months_paid=months_paid,
        average_base=average_base,
        further_months=further or (12, 24, 36, 60),
        income=income,
        fund_yield=_fraction(fund_yield),
    )
    show(ctx, step, form, out)


@app.command()
def topic(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="CHỦ_ĐỀ|TOPIC", help="Xem topics. / One of `topics`.")],
    fields: Annotated[
        list[str] | None,
        typer.Argument(metavar="TÊN=GIÁ_TRỊ…|NAME=VALUE…", help="Dữ liệu vào. / Inputs, as in worked examples."),
    ] = None,
    form: FormOption = "text",
    out: OutOption = None,
) -> None:
    """Trả lời một chủ đề của luật, như trong ví dụ đối chiếu. / Answer any topic, asked as in a worked example."""
    from baophu.law import topics as law_topics

    step = law_topics.explain(name, _inputs(name, fields or []))
    if not step.parts:
        raise BaophuError(Text("Không có con số nào để giải thích.", "There is no figure to explain."))
    show(ctx, step, form, out)


@app.command()
def topics(ctx: typer.Context) -> None:
    """Các chủ đề và dữ liệu vào. / The topics and their inputs."""
    from baophu.law.topics import TOPICS

    lang = lang_of(ctx)
    headings = (Text("Chủ đề", "Topic"), Text("Nghĩa là", "What it is"), Text("Dữ liệu vào", "Inputs"))
    rows = []
    for name, one in TOPICS.items():
        inputs = (f"{key}{'' if field.required else '?'}" for key, field in one.form.inputs.items())
        rows.append((name, one.form.title.say(lang), " ".join(inputs)))
    print_table(lang, headings, rows, width=200, whole_names=True)


def _listed(kind: Text, words: list[str], choices: tuple[str, ...]) -> None:
    for word in words:
        if word not in choices:
            raise unknown(kind, word, dict.fromkeys(choices, ""))


def _fraction(words: str | None) -> Fraction | None:
    try:
        return None if words is None else Fraction(words.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise BaophuError(
            Text(f"'{words}' không phải là số thập phân.", f"'{words}' is not a decimal number."),
            Text("Viết như 0.005.", "Write it as 0.005."),
        ) from None


def _inputs(name: str, fields: list[str]) -> dict[str, Any]:
    """Return what was written as NAME=VALUE as an example would write it; what does not fit is told by the topic."""
    from baophu.law.topics import topic as find

    forms = find(name).form.inputs
    found: dict[str, Any] = {}
    for word in fields:
        key, equals, value = word.partition("=")
        if not equals:
            raise BaophuError(
                Text(f"'{word}' không có dạng TÊN=GIÁ_TRỊ.", f"'{word}' is not NAME=VALUE."),
                did_you_mean([f"{one}=…" for one in nearest(key, dict.fromkeys(forms, ""))]),
            )
        found[key] = _written(forms[key].type if key in forms else "choice", key, value)
    return found


def _written(kind: str, key: str, value: str) -> Any:
    """Return a value as YAML would read it: numbers and truths by their look, lists by commas, records as JSON."""
    if kind in ("choice_list", "money_list"):
        return [_written("money" if kind == "money_list" else "choice", key, one) for one in value.split(",") if one]
    if kind in ("int", "money") and value.isdecimal():
        return int(value)
    if kind == "bool" and value in ("true", "false"):
        return value == "true"
    if kind in ("record_list", "override"):
        try:
            return json.loads(value)
        except ValueError:
            raise BaophuError(
                Text(f"{key}: '{value}' không đọc được.", f"{key}: '{value}' cannot be read."),
                Text('Viết dạng JSON, ví dụ [{"months": 12}].', 'Write it as JSON, such as [{"months": 12}].'),
            ) from None
    return value
