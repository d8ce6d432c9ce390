"""The commands `baophu link …`: what was linked and how well, what people have to decide, and training the model."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING, count, decimal, read_month
from baophu.core.terminal import print_table

if TYPE_CHECKING:
    from baophu.linkage.decisions import AnyDecided
    from baophu.linkage.reporting import Rate
    from baophu.results.store import Manifest

app = typer.Typer(
    help="Ghép nối người, đơn vị: kết quả, rà soát, quyết định. / Links: how well, review, decide.",
    no_args_is_help=True,
)
_RunOption = Annotated[
    str | None,
    typer.Option("--run", metavar="MÃ|ID", help="Lần chạy hoặc tháng, mặc định mới nhất. / Run or month."),
]
_AreaOption = Annotated[
    str | None, typer.Option("--area", metavar="MÃ|CODE", help="Tỉnh hoặc xã. / A province or a commune.")
]
_OfOption = Annotated[
    Literal["participants", "employers", "workers"],
    typer.Option("--of", help="Người tham gia, đơn vị, người được trả lương. / Whose links."),
]
_TABLES = ("links", "employer_links", "worker_matches")


@app.command()
def report(
    ctx: typer.Context,
    run: _RunOption = None,
    area: _AreaOption = None,
    form: Annotated[
        Literal["table", "json"], typer.Option("--format", help="Bảng hoặc JSON. / A table, or JSON for programs.")
    ] = "table",
) -> None:
    """Tỷ lệ nối theo quy tắc, theo địa bàn, độ đúng. / Links by rule and area, and how many are right."""
    from baophu.linkage import reporting
    from baophu.registers.store import current
    from baophu.results import store

    lang, home = lang_of(ctx), home_of(ctx)
    chosen = _run(home, run)
    seen = reporting.sampled(home)
    tables = [name for name in _TABLES if any(file.startswith(f"{name}/") for file in chosen.files())]
    found = {
        name: reporting.rates(store.table(home, chosen, name), seen if name == "links" else None) for name in tables
    }
    links = store.table(home, chosen, "links")
    places = reporting.areas(links, current(home, "participants"), None if area in (None, "00") else str(area)[:2])
    whole = reporting.estimate(found["links"])
    if form == "json":
        facts = {
            "run": chosen.run,
            "rules": {name: [_facts(one) for one in every] for name, every in found.items()},
            "areas": [{"area_code": code, "participants": of, "linked": linked} for code, of, linked in places],
            "precision": None if whole is None else {"share": whole.share, "low": whole.low, "high": whole.high},
        }
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    for name, every in found.items():
        _print_rates(lang, name, every)
    print_table(
        lang,
        (Text("Địa bàn", "Area"), Text("Người tham gia", "Participants"), Text("Đã nối", "Linked"), Text("%", "%")),
        [
            (code or MISSING, count(of, lang), count(linked, lang), _percent(linked, of, lang))
            for code, of, linked in places
        ],
    )
    typer.echo(_told(whole.share, whole.low, whole.high, lang) if whole else _NO_SAMPLE.say(lang))


_NO_SAMPLE = Text(
    "Độ đúng chưa ước lượng được: cần mẫu của mọi quy tắc (baophu link review --sample 300 --out MẪU.xlsx).",
    "How many links are right is not known: it needs a sample of every rule (baophu link review --sample 300 --out …).",
)


def _told(share: float, low: float, high: float, lang: Language) -> str:
    words = Text(
        "Ước lượng {} % liên kết đúng (khoảng tin cậy 95 %: {} đến {}).",
        "An estimated {} % of links are right (95 % interval: {} to {}).",
    )
    return words.say(lang).format(*(f"{value * 100:.3f}" for value in (share, low, high)))


def _percent(part: int, of: int, lang: Language) -> str:
    from fractions import Fraction

    return decimal(Fraction(part * 100, of), lang, 2) if of else MISSING


def _facts(one: Rate) -> dict[str, object]:
    low, high = one.interval
    return {
        "rule": one.rule,
        "accepted": one.accepted,
        "review": one.review,
        "looked_at": one.looked_at,
        "right": one.right,
        "low": low if one.looked_at else None,
        "high": high if one.looked_at else None,
    }


def _print_rates(lang: Language, table: str, every: list[Rate]) -> None:
    from baophu.linkage.reporting import RULES
    from baophu.results.tables import about

    total = sum(one.accepted + one.review for one in every)
    rows = []
    for one in every:
        low, high = one.interval
        looked = f"{one.right}/{one.looked_at} ({low * 100:.2f}–{high * 100:.2f} %)" if one.looked_at else MISSING
        shown = RULES[one.rule].say(lang) if one.rule in RULES else one.rule
        cells = (count(one.accepted, lang), _percent(one.accepted, total, lang), count(one.review, lang))
        rows.append((shown, *cells, looked))
    headings = (
        *(Text("Quy tắc", "Rule"), Text("Nhận", "Accepted"), Text("%", "%"), Text("Chờ rà soát", "For review")),
        Text("Đúng trong mẫu", "Right in the sample"),
    )
    print_table(lang, headings, rows, title=about(table).title.say(lang))


@app.command()
def review(
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP|FILE", help="Ghi danh sách ra Excel. / Write the list.")
    ] = None,
    back: Annotated[
        Path | None, typer.Option("--read", metavar="TỆP|FILE", help="Đọc danh sách đã điền. / Read it filled in.")
    ] = None,
    run: _RunOption = None,
    of: _OfOption = "participants",
    area: _AreaOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Số người nhiều nhất. / At most so many people.")] = 1000,
    sample: Annotated[
        int | None,
        typer.Option("--sample", min=1, help="Mẫu ngẫu nhiên mỗi quy tắc. / So many links of each rule, at random."),
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Người quyết định. / Who decides.")] = "",
    why: Annotated[str, typer.Option("--why", help="Lý do, hồ sơ đã đối chiếu. / Why, by which papers.")] = "",
    reveal: Annotated[bool, typer.Option("--reveal", help="Hiện tên và số. / Show names and numbers.")] = False,
    purpose: Annotated[str | None, typer.Option("--purpose", help="Mục đích mở dữ liệu. / What for.")] = None,
) -> None:
    """Danh sách chờ rà soát: ghi ra Excel, đọc lại quyết định. / The review list: write it, read decisions back."""
    from baophu.linkage import review as lists
    from baophu.linkage.decisions import decide as keep

    lang, home = lang_of(ctx), home_of(ctx)
    if (out is None) == (back is None):
        raise BaophuError(Text("Cần --out hoặc --read.", "Give --out or --read."))
    if back is not None:
        _kept(keep(home, lists.read(home, back), by=by, why=why), lang)
        return
    wanted = lists.Wanted(_run(home, run), "sample" if sample else "review", area, sample or limit, reveal, purpose, of)
    rows = lists.write(home, wanted, cast(Path, out), lang)
    typer.echo(Text(f"Đã ghi {count(rows, lang)} dòng vào {out}.", f"{count(rows, lang)} rows in {out}.").say(lang))


@app.command()
def decide(
    ctx: typer.Context,
    accept: Annotated[
        bool | None, typer.Option("--accept/--reject", help="Là một, hay không. / The same, or not.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Người quyết định. / Who decides.")] = "",
    why: Annotated[str, typer.Option("--why", help="Lý do, hồ sơ đã đối chiếu. / Why, by which papers.")] = "",
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="TỆP|FILE", help="Mỗi dòng các số được hỏi. / What is asked for, a line each."),
    ] = None,
    of: _OfOption = "participants",
) -> None:
    """Quyết định ai là ai; các số được hỏi. / Decide who is who; the numbers are asked for."""
    from baophu.linkage.decisions import decide as keep

    if accept is None:
        raise BaophuError(Text("Cần --accept hoặc --reject.", "Give --accept or --reject."))
    # Numbers are never arguments: they would stay in the shell's history.
    lang, asked = lang_of(ctx), _ASKED[of]
    if file is not None:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        given = [line.replace(";", ",").replace("\t", ",").split(",") for line in lines if line.strip()]
    else:
        given = [[typer.prompt(one.say(lang), default="", show_default=False, hide_input=True) for one in asked]]
    short = [at for at, words in enumerate(given, 1) if len(words) != len(asked)]
    if short:
        vi, en = ", ".join(one.vi for one in asked), ", ".join(one.en for one in asked)
        raise BaophuError(Text(f"Dòng {short[0]} phải có: {vi}.", f"Line {short[0]} must have: {en}."))
    decisions = [_decided(of, [word.strip() for word in words], accept) for words in given]
    _kept(keep(home_of(ctx), decisions, by=by, why=why), lang)


_PID, _TAX = Text("Số định danh", "Personal number"), Text("Mã số thuế", "Tax code")
_ASKED = {
    "participants": (Text("Mã số BHXH", "Social insurance number"), _PID),
    "employers": (Text("Mã đơn vị", "Employer"), _TAX),
    "workers": (
        *(Text("Mã số thuế nơi trả", "Payer's tax code"), Text("Số nơi trả khai", "Number that the payer told")),
        *(Text("Tên nơi trả khai", "Name that the payer told"), Text("Ngày sinh khai", "Birth that he told"), _PID),
    ),
}


def _decided(of: str, words: list[str], accepted: bool) -> AnyDecided:
    from baophu.core.numbers import read_date
    from baophu.linkage.decisions import Decided, EmployerDecided, WorkerDecided

    if of == "participants":
        return Decided(words[0], words[1], accepted)
    if of == "employers":
        return EmployerDecided(words[0], words[1], accepted)
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.registers.names import name_keys

    payer, told, name, born, pid = words
    key = name_keys(pa.array([name])).table().column("full_key")[0].as_py()
    return WorkerDecided(payer, told, key or 0, read_date(born) if born else None, pid, accepted)


@app.command()
def train(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="TỆP|FILE", help="Tệp mô hình sẽ ghi. / The model to write.")],
    trained_on: Annotated[
        str, typer.Option("--trained-on", help="Dữ liệu nào, không ghi tên ai. / Which data; name nobody.")
    ],
) -> None:
    """Huấn luyện mô hình trên sổ đã nạp. / Train the model on the registers that are loaded."""
    from baophu.core.home import whole_file
    from baophu.linkage.training import train as learn
    from baophu.registers.store import current

    lang, home = lang_of(ctx), home_of(ctx)
    registers = [current(home, table) for table in ("participants", "population")]
    if not all(registers):
        raise BaophuError(
            Text("Cần nạp participants và population trước.", "Load participants and population first."),
            Text("Nạp: baophu load THƯ_MỤC", "Load: baophu load FOLDER"),
        )
    model = learn(registers[0], registers[1], trained_on, date.today())
    with whole_file(out) as part:
        part.write_text(model.model_dump_json(indent=1) + "\n", encoding="utf-8")
    typer.echo(Text(f"Đã ghi mô hình {model.version} vào {out}.", f"Model {model.version} in {out}.").say(lang))


def _kept(new: int, lang: Language) -> None:
    words = Text(
        f"Đã giữ {count(new, lang)} quyết định mới; lần chạy sau sẽ theo.",
        f"{count(new, lang)} new decisions kept; the next run follows them.",
    )
    typer.echo(words.say(lang))


def _run(home: Path, word: str | None) -> Manifest:
    from baophu.results import store

    if word:
        return store.find(home, word) if len(word) != 7 else store.newest(home, read_month(word))
    every = store.runs(home)
    if not every:
        raise BaophuError(
            Text("Chưa có lần chạy nào.", "There is no run yet."),
            Text("Chạy: baophu run --month 2026-10", "Run: baophu run --month 2026-10"),
        )
    return every[-1]
