"""What came of a run, in sentences and small tables that a director understands; it names and accuses nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from baophu.core.languages import LANGUAGES, Language, Text, same
from baophu.core.numbers import MINUS, MISSING, count, decimal, money, share, short_date
from baophu.engine import Engine, run_step
from baophu.results.store import Manifest, NotDone
from baophu.results.tables import FROM_FINDINGS, declared

SQL = Path(__file__).parent / "sql"
SCHEMES = {
    "compulsory": Text("BHXH bắt buộc", "Compulsory social insurance"),
    "voluntary": Text("BHXH tự nguyện", "Voluntary social insurance"),
    "unemployment": Text("Bảo hiểm thất nghiệp", "Unemployment insurance"),
    "health": Text("Bảo hiểm y tế", "Health insurance"),
}
CLASSES = {
    "nothing_late": Text("Không có khoản quá hạn", "Nothing past its due date"),
    "late": Text("Chậm đóng (Điều 38)", "Late payment (article 38)"),
    "evasion": Text("Quá hạn sau khi đã đôn đốc (Điều 39)", "Past due after a written demand (article 39)"),
}
PROVISIONAL = Text(
    "SỐ TẠM TÍNH: tháng chưa kết thúc hoặc dữ liệu của tháng chưa về đủ.",
    "PROVISIONAL: the month has not ended, or its data is not all in.",
)

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of finding is called, and whether its amount is that of one month."""

    title: Text
    monthly: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run. Amounts are VND; a list is empty where its table was not computed."""

    run: Manifest
    counts: Rows
    dues: Rows
    classes: Rows
    findings: Rows
    estimated: Rows
    kinds: Mapping[str, Kind]

    def as_json(self) -> str:
        """Return the figures as JSON, version 1."""
        told = {
            "version": 1,
            "run": self.run.run,
            "month": self.run.month,
            "as_of": self.run.as_of,
            "provisional": self.run.provisional,
            "seconds": self.run.seconds,
            "participants": self.counts,
            "dues": self.dues,
            "late_rate": str(self.late_rate()) if self.late_rate() is not None else None,
            "employers": self.classes,
            "findings": self.findings,
            "estimated_charges": self.estimated,
            "not_done": [one.model_dump(mode="json") for one in self.run.not_done],
            "notes": [one.model_dump(mode="json") for one in self.run.notes],
        }
        return json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n"

    def late_rate(self) -> Fraction | None:
        """Return what is past its due date, against what was due for the last 12 months up to the run's."""
        due = sum(row["due"] for row in self._year())
        return Fraction(sum(row["overdue"] for row in self.dues), due) if due else None

    def _year(self) -> Rows:
        first = self.run.month.year * 12 + self.run.month.month - 12
        return [row for row in self.dues if row["month"].year * 12 + row["month"].month > first]

    def sentences(self, lang: Language) -> list[str]:
        """Return what came of the run, a sentence each."""
        return [
            words.say(lang) for words in (*self._head(), *self._of_dues(), *self._of_findings(), *self._estimated())
        ]

    def tables(self, lang: Language) -> list[tuple[str, list[str], list[list[str]]]]:
        """Return the small tables: title, headings, rows; those without rows are left out."""
        made = (self._counts_table(lang), self._classes_table(lang), self._findings_table(lang))
        return [one for one in made if one[2]]

    def missing(self, lang: Language) -> list[str]:
        """Return what was not computed and why, and what else is to be minded; each once."""
        told = [
            Text(f"{one.title.vi}: không tính được, {one.why.vi}", f"{one.title.en}: not computed, {one.why.en}")
            for one in _once(self.run.not_done)
        ]
        told += [Text(one.vi, one.en) for one in self.run.notes]
        return list(dict.fromkeys(words.say(lang) for words in told))

    def markdown(self) -> str:
        """Return all of it as a page, Vietnamese first."""
        return "\n".join(line for lang in LANGUAGES for line in self._page(lang)) + "\n"

    def _page(self, lang: Language) -> list[str]:
        lines = [f"# {self.title(lang)}", ""]
        lines += [f"- {words}" for words in self.sentences(lang)] + [""]
        for title, headings, rows in self.tables(lang):
            rule = ["---", *["---:"] * (len(headings) - 1)]
            lines += [f"## {title}", "", *(f"| {' | '.join(row)} |" for row in (headings, rule, *rows)), ""]
        if self.missing(lang):
            lines += [f"## {NOT_COMPUTED.say(lang)}", "", *(f"- {words}" for words in self.missing(lang)), ""]
        return lines

    def title(self, lang: Language) -> str:
        """Return the heading: month, as-of date, whether provisional."""
        run = self.run
        word = Text(" (tạm tính)", " (provisional)").say(lang) if run.provisional else ""
        day = short_date(run.as_of, lang)
        return Text(f"Tháng {run.month:%m/%Y}{word}, tính đến ngày {day}", f"{run.month:%Y-%m}{word}, as of {day}").say(
            lang
        )

    def _head(self) -> list[Text]:
        run = self.run
        seconds = {lang: decimal(Fraction(str(run.seconds)), lang) for lang in LANGUAGES}
        told = [PROVISIONAL] if run.provisional else []
        return [
            *told,
            Text(
                f"Lần chạy {run.run}, mất {seconds['vi']} giây.", f"Run {run.run}, which took {seconds['en']} seconds."
            ),
        ]

    def _of_dues(self) -> list[Text]:
        told = []
        for row in self.dues:
            if row["month"] == self.run.month:
                vi, en = (
                    {name: money(row[name], lang) for name in ("due", "paid", "outstanding")} for lang in LANGUAGES
                )
                told.append(
                    Text(
                        f"Tháng {self.run.month:%m/%Y} phải đóng {vi['due']}, đã đóng {vi['paid']}, "
                        f"còn phải đóng {vi['outstanding']}.",
                        f"For {self.run.month:%Y-%m}, {en['due']} is due, {en['paid']} is paid, "
                        f"{en['outstanding']} is outstanding.",
                    )
                )
        rate = self.late_rate()
        if rate is not None:
            overdue = sum(row["overdue"] for row in self.dues)
            months = len(self._year())
            told.append(
                Text(
                    f"Đã quá hạn mà chưa đóng: {money(overdue, 'vi')}, bằng {share(rate, 'vi', 2)} "
                    f"số phải đóng của {months} tháng gần nhất.",
                    f"Past its due date and not paid: {money(overdue, 'en')}, {share(rate, 'en', 2)} "
                    f"of what was due for the last {months} months.",
                )
            )
        return told

    def _of_findings(self) -> list[Text]:
        if not self.findings:
            return []
        number, resolved = (
            sum(row["findings"] for row in self.findings if row["status"] == status) for status in ("open", "resolved")
        )
        told = [
            Text(
                f"Có {count(number, 'vi')} trường hợp cần xem và xử lý, mỗi trường hợp nêu rõ căn cứ.",
                f"{count(number, 'en')} findings are there to be looked at, each with what it rests on.",
            )
        ]
        if self.run.previous is not None:
            told.append(
                Text(
                    f"{count(resolved, 'vi')} trường hợp của lần chạy trước nay không còn.",
                    f"{count(resolved, 'en')} of the earlier run's are no longer there.",
                )
            )
        return told

    def _estimated(self) -> list[Text]:
        """Say what findings would bring by articles 38(2)-(3), 39(1)(a)-(d): an estimate, apart from declared sums."""
        amount, charge = (sum(row[name] for row in self.estimated) for name in ("amount", "charge"))
        if not amount:
            return []
        asked = sum(row["amount"] for row in self.estimated if row["basis"] == "question")
        vi, en = (
            {"amount": money(amount, lang), "charge": money(charge, lang), "asked": money(asked, lang)}
            for lang in LANGUAGES
        )
        question = (
            Text(f"; trong đó {vi['asked']} mới là câu hỏi với đơn vị", f"; {en['asked']} of it only a question to ask")
            if asked
            else Text("", "")
        )
        return [
            Text(
                f"Ước tính, nếu các trường hợp chưa đăng ký và đăng ký mức đóng thấp là đúng: BHXH, BHTN quá hạn "
                f"{vi['amount']}, nộp thêm {vi['charge']}{question.vi}. Không cộng vào số chậm đóng ở trên.",
                f"An estimate, if what is found of people not registered and bases too low is right: {en['amount']} of "
                f"SI and UI past due, {en['charge']} of charges{question.en}. It is in none of the late sums above.",
            )
        ]

    def _counts_table(self, lang: Language) -> tuple[str, list[str], list[list[str]]]:
        found = {(row["month"], row["scheme"]): row["participants"] for row in self.counts}
        month = self.run.month
        months = sorted({of for of, _ in found if of < month}, reverse=True)
        before, year_before = (months[:1] or [None])[0], month.replace(year=month.year - 1)
        rows = []
        for scheme, title in SCHEMES.items():
            now = found.get((month, scheme))
            if now is None and not any(of == scheme for _, of in found):
                continue
            then, year_then = found.get((before, scheme)) if before else None, found.get((year_before, scheme))
            rows.append(
                [
                    title.say(lang),
                    count(now or 0, lang),
                    count(then, lang),
                    _change(now, then, lang),
                    _change(now, year_then, lang),
                ]
            )
        headings = [
            Text("Loại hình", "Scheme"),
            Text(f"Người tham gia {month:%m/%Y}", f"Participants {month:%Y-%m}"),
            Text("Tháng trước", "Month before"),
            Text("Tăng, giảm so với tháng trước", "Change on the month before"),
            Text("Tăng, giảm so với cùng kỳ", "Change on the year before"),
        ]
        return Text("Người tham gia", "Participants").say(lang), [words.say(lang) for words in headings], rows

    def _classes_table(self, lang: Language) -> tuple[str, list[str], list[list[str]]]:
        found = {row["class"]: row for row in self.classes}
        rows = [
            [title.say(lang), count(row["employers"], lang), money(row["overdue"], lang), money(row["charge"], lang)]
            for name, title in CLASSES.items()
            if (row := found.get(name))
        ]
        headings = [
            Text("Đơn vị", "Employers"),
            Text("Số đơn vị", "How many"),
            Text("Quá hạn chưa đóng", "Past due, not paid"),
            Text("Số tiền 0,03 %/ngày của khoản chưa đóng", "0.03 % a day on what is not paid"),
        ]
        return Text("Tình hình đóng của đơn vị", "Employers' payment").say(lang), [w.say(lang) for w in headings], rows

    def _findings_table(self, lang: Language) -> tuple[str, list[str], list[list[str]]]:
        by_kind: dict[str, list[int]] = {}
        for row in self.findings:
            if row["status"] != "open":
                continue
            sums = by_kind.setdefault(row["kind"], [0, 0])
            sums[0] += row["findings"]
            sums[1] += row["amount"]
        ordered = sorted(by_kind.items(), key=lambda one: -one[1][0])
        rows = []
        for name, (number, amount) in ordered:
            kind = self.kinds.get(name, Kind(same(name), False))
            month = Text("/tháng", " a month").say(lang) if kind.monthly and amount else ""
            rows.append(
                [kind.title.say(lang), count(number, lang), f"{money(amount, lang)}{month}" if amount else MISSING]
            )
        headings = [
            Text("Trường hợp cần xử lý", "Kind of finding"),
            Text("Số trường hợp", "How many"),
            Text("Số tiền liên quan", "Amount at stake"),
        ]
        return Text("Trường hợp cần xử lý", "Findings").say(lang), [words.say(lang) for words in headings], rows


NOT_COMPUTED = Text("Điều cần lưu ý", "To be minded")


def summarise(engine: Engine, run: Manifest, files: Mapping[str, Sequence[Path]], kinds: Mapping[str, Kind]) -> Summary:
    """Work out a run's figures from its tables; `files` are those that were computed, `kinds` those of findings."""
    dated = {"as_of": run.as_of}
    counts = _rows(engine, "summary_counts", files, ("counts",))
    dues = _rows(engine, "summary_dues", files, ("dues",), dated)
    by_findings = [path for path in files.get("charges", ()) if path.name == FROM_FINDINGS]
    files = {**files, "charges": declared(files.get("charges", ()))}
    classes = _rows(engine, "summary_classes", files, ("dues", "charges"), dated)
    estimated = _rows(engine, "summary_estimated", {"charges": by_findings}, ("charges",))
    findings = _rows(engine, "summary_findings", files, ("findings",))
    return Summary(run, counts, dues, classes, findings, estimated, kinds)


def _rows(
    engine: Engine,
    name: str,
    files: Mapping[str, Sequence[Path]],
    tables: Sequence[str],
    parameters: Mapping[str, date] | None = None,
) -> Rows:
    if not all(files.get(table) for table in tables):
        return []
    inputs = {table: list(files[table]) for table in tables}
    rows: Rows = run_step(engine, SQL / f"{name}.sql", inputs, parameters or {}).arrow().to_pylist()
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


def _once(not_done: Sequence[NotDone]) -> list[NotDone]:
    """Leave out steps of single months that lack the same thing."""
    return list({(one.tables, one.why.en): one for one in reversed(not_done)}.values())[::-1]


def _change(now: int | None, then: int | None, lang: Language) -> str:
    if then is None:
        return MISSING
    change = (now or 0) - then
    sign = "+" if change > 0 else MINUS if change < 0 else ""
    return f"{sign}{count(abs(change), lang)}"
