"""The commands `baophu forms …`: which forms there are, their mappings; take workbooks in, write forms out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.home import whole_file
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING, count, read_month
from baophu.core.terminal import print_table
from baophu.registers.options import (
    LegalBasisOption,
    PurposeOption,
    RetainUntilOption,
    SupplierOption,
    TakenForOption,
    WaitOption,
    basis_of,
)

if TYPE_CHECKING:
    from baophu.registers.forms.taking import Taken

app = typer.Typer(
    help="Biểu mẫu của đơn vị: D02-LT, TK1-TS. / The employers' forms: D02-LT, TK1-TS.", no_args_is_help=True
)

_FormArgument = Annotated[
    str, typer.Argument(metavar="MẪU|FORM", help="Mã biểu mẫu, ví dụ D02-LT. / A form's code, such as D02-LT.")
]
_MonthOption = Annotated[
    str | None, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng của danh sách: 2026-10. / Its month.")
]


@app.command("list")
def list_forms(ctx: typer.Context) -> None:
    """Các biểu mẫu mà chương trình đọc được. / The forms that the program reads."""
    from baophu.registers.forms.form import FOLDER, forms, mapping_file

    lang, home = lang_of(ctx), home_of(ctx)
    own, shipped = Text("của cơ quan", "of this office").say(lang), Text("có sẵn", "as shipped").say(lang)
    print_table(
        lang,
        (Text("Mẫu", "Form"), Text("Tên gọi", "Title"), Text("Căn cứ", "Basis"), Text("Ánh xạ", "Mapping")),
        (
            (
                form.code,
                form.title.say(lang),
                form.basis,
                shipped if mapping_file(form, home).parent == FOLDER else own,
            )
            for form in forms(home).values()
        ),
        whole_names=True,
    )


@app.command()
def show(ctx: typer.Context, form: _FormArgument) -> None:
    """Xem một biểu mẫu: cột, mã phương án, điều chưa kiểm chứng. / Show a form: columns, codes, what is unverified."""
    from baophu.registers.forms.form import EFFECTS, mapping_file
    from baophu.registers.forms.form import form as find

    lang, home = lang_of(ctx), home_of(ctx)
    found = find(form, home)
    typer.echo(f"{found.code}: {found.title.say(lang)}")
    typer.echo(f"{Text('Căn cứ', 'Basis').say(lang)}: {found.basis}")
    typer.echo(f"{Text('Ánh xạ', 'Mapping').say(lang)}: {mapping_file(found, home)}")
    typer.echo(f"{Text('Chưa kiểm chứng', 'Not verified').say(lang)}:")
    for words in found.unverified:
        typer.echo(f"  - {words.say(lang)}")
    for layout in found.layouts:
        print_table(
            lang,
            (Text("Cột", "Column"), Text("Tiêu đề", "Heading"), Text("Dùng làm", "Used as")),
            ((column.number, column.headings[0], column.field or MISSING) for column in layout.columns),
            title=layout.title.say(lang),
        )
    if found.plans:
        unsure = Text("chưa kiểm chứng", "not verified").say(lang)
        print_table(
            lang,
            (Text("Mã", "Code"), Text("Nghĩa", "Meaning"), Text("Tác dụng", "Effect"), Text("Chắc chắn", "Sure")),
            (
                (code, plan.title.say(lang), EFFECTS[plan.effect].say(lang), unsure if plan.unverified else "")
                for code, plan in found.plans.items()
            ),
            title=Text("Mã phương án", "Codes of changes").say(lang),
        )


@app.command()
def mapping(
    ctx: typer.Context,
    form: _FormArgument,
    out: Annotated[Path, typer.Option("--out", metavar="TỆP|FILE", help="Ghi ánh xạ vào tệp này. / Write it here.")],
) -> None:
    """Ghi ánh xạ của biểu mẫu ra tệp để sửa. / Write a form's mapping to a file, to be edited."""
    from baophu.registers.forms.form import form as find
    from baophu.registers.forms.form import mapping_file

    lang, home = lang_of(ctx), home_of(ctx)
    found = find(form, home)
    with whole_file(out) as part:
        part.write_bytes(mapping_file(found, home).read_bytes())
    own = home / "forms" / f"{found.name}.yaml"
    _note(
        Text(
            f"Đã ghi {out.absolute()}. Sửa xong đặt vào {own}.", f"Written: {out.absolute()}. Edited, it goes to {own}."
        ),
        lang,
    )


@app.command()
def load(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="TỆP|PATH", help="Bảng Excel của đơn vị. / Workbooks.")],
    month: _MonthOption = None,
    employer: Annotated[
        str | None,
        typer.Option("--employer", metavar="MÃ|CODE", help="Mã đơn vị, khi tệp không ghi. / Where the file lacks it."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ xem kết quả, không ghi gì. / Tell what would come; write nothing.")
    ] = False,
    legal_basis: LegalBasisOption = None,
    purpose: TakenForOption = None,
    supplier: SupplierOption = None,
    retain_until: RetainUntilOption = None,
    wait: WaitOption = True,
) -> None:
    """Nạp biểu mẫu: tăng, giảm, đổi mức đóng, người mới. / Load forms: increases, decreases, new bases, new people."""
    from baophu.registers.forms.taking import Options, load_forms

    options = Options(
        month=None if month is None else read_month(month),
        employer_id=employer,
        dry_run=dry_run,
        wait=wait,
        basis=basis_of(legal_basis, purpose, supplier, retain_until),
    )
    for taken in load_forms(paths, home_of(ctx), options):
        tell(taken, lang_of(ctx))


def tell(taken: Taken, lang: Language) -> None:
    """Tell what came of the workbooks of one form."""
    from baophu.registers.forms.form import line_contract
    from baophu.registers.load_commands import say_load

    if not taken.new:
        typer.echo(
            Text(
                f"Tệp này đã được nạp và đang dùng: {taken.manifest.load}. Không nạp lại.",
                f"This file was loaded before and holds good: {taken.manifest.load}. It was not loaded again.",
            ).say(lang)
        )
    if taken.new and taken.folder is None:
        typer.echo(Text("Chạy thử: không ghi gì.", "A trial: nothing was written.").say(lang))
    say_load(taken.manifest, lang, line_contract(taken.form))
    for one in taken.made:
        months = ", ".join(f"{month:%Y-%m}" for month in one.months)
        typer.echo(f"  → {one.table}{f' {months}' if months else ''}: {count(one.loaded, lang)}")


@app.command()
def write(
    ctx: typer.Context,
    form: _FormArgument,
    out: Annotated[Path, typer.Option("--out", metavar="TỆP|FILE", help="Ghi vào tệp này. / Write to this file.")],
    employer: Annotated[
        str | None, typer.Option("--employer", metavar="MÃ|CODE", help="Đơn vị (D02-LT). / The employer.")
    ] = None,
    month: _MonthOption = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="MÃ|CODE", help="Mã số BHXH (TK1-TS). / The insurance number.")
    ] = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Ghi cả dữ liệu cá nhân. / Write personal data, which the form needs.")
    ] = False,
    purpose: PurposeOption = None,
) -> None:
    """Ghi biểu mẫu từ các sổ: D02-LT của một tháng, TK1-TS của một người. / Write a form from the registers."""
    from baophu.registers import revealing
    from baophu.registers.forms.form import form as find
    from baophu.registers.forms.writing import write_changes, write_registration

    lang, home = lang_of(ctx), home_of(ctx)
    found = find(form, home)
    revealing.check_purpose(reveal, purpose)
    if not reveal:
        raise BaophuError(
            Text("Biểu mẫu có dữ liệu cá nhân. Không ghi gì.", "The form holds personal data. Nothing was written."),
            Text('Nói rõ --reveal và --purpose "…".', 'Say --reveal and --purpose "…".'),
        )
    if found.kind == "changes":
        if employer is None or month is None:
            raise BaophuError(
                Text(f"{found.code} cần --employer và --month.", f"{found.code} needs --employer and --month.")
            )
        day = read_month(month)
        revealing.note(home, "reveal", purpose, form=found.code, employer=employer, month=f"{day:%Y-%m}")
        written = write_changes(found, home, employer, day, out)
    else:
        if person is None:
            raise BaophuError(Text(f"{found.code} cần --person.", f"{found.code} needs --person."))
        revealing.note(home, "reveal", purpose, form=found.code)
        written = write_registration(found, home, person, out)
    _note(
        Text(
            f"Đã ghi {out.absolute()}: {count(written.lines, lang)} dòng.",
            f"Written: {out.absolute()}, {count(written.lines, lang)} lines.",
        ),
        lang,
    )
    if written.nameless:
        _note(
            Text(
                f"{count(written.nameless, lang)} dòng thiếu họ tên vì chưa có trong sổ người tham gia.",
                f"{count(written.nameless, lang)} lines lack the name: they are not in the register of participants.",
            ),
            lang,
        )
    if written.group_only:
        _note(
            Text(
                f"{count(written.group_only, lang)} người chỉ đổi nhóm đối tượng; mẫu không có chỗ ghi.",
                f"{count(written.group_only, lang)} people changed only their group, for which the form has no place.",
            ),
            lang,
        )


def _note(words: Text, lang: Language) -> None:
    typer.echo(words.say(lang), err=True)
