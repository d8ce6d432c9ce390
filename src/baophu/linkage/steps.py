"""What linking is to the run: its three steps, with the registers that they read and the tables that they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from baophu.core.languages import Text
from baophu.core.numbers import count
from baophu.linkage.decisions import EMPLOYERS, NAME, WORKERS
from baophu.linkage.employers import link_employers
from baophu.linkage.persons import link_persons
from baophu.linkage.workers import match_workers
from baophu.results.steps import Step, Work

PART = "part-0000.parquet"


def _persons(work: Work) -> Mapping[str, int]:
    done = link_persons(
        work.engine,
        work.registers("participants"),
        work.registers("population"),
        links=work.out("links") / PART,
        review=work.out("link_review") / PART,
        state=work.out("link_state") / PART,
        last_state=work.previous.get("link_state", ()),
        temp=work.temp,
        decisions=work.frozen(NAME),
        memory=work.memory,
        progress=work.progress,
    )
    if done.kept:
        work.note(
            Text(
                f"Nối người tham gia: giữ {count(done.kept, 'vi')} liên kết của lần chạy trước; đối chiếu lại "
                f"{count(done.compared, 'vi')} người tham gia chưa được số nào xác nhận.",
                f"Linking participants: {count(done.kept, 'en')} links of the last run were kept; "
                f"{count(done.compared, 'en')} participants whom no number proves were compared again.",
            )
        )
    return {"links": done.links, "link_review": done.review, "link_state": done.state}


def _employers(work: Work) -> Mapping[str, int]:
    out = work.out("employer_links") / PART
    rows = link_employers(
        work.engine,
        work.registers("employers"),
        work.registers("businesses"),
        out=out,
        temp=work.temp,
        decisions=work.frozen(EMPLOYERS),
    )
    return {"employer_links": rows}


def _workers(work: Work) -> Mapping[str, int]:
    tables = ("tax_income", "population", "declarations")
    rows = match_workers(
        work.engine,
        {table: work.registers(table) for table in tables},
        links=work.result("links"),
        employer_links=work.result("employer_links"),
        out=work.out("worker_matches"),
        temp=work.temp,
        decisions=work.frozen(WORKERS),
    )
    return {"worker_matches": rows}


LINKS = Step(
    name="links",
    title=Text("Nối người tham gia với công dân", "Link participants to persons"),
    needs=("participants", "population"),
    gives=("links", "link_review", "link_state"),
    earlier=("link_state",),
    desk=(NAME,),
    do=_persons,
    dated=False,
)
OTHERS = (
    Step(
        name="employer_links",
        title=Text("Nối đơn vị với người nộp thuế", "Link employers to businesses"),
        needs=("employers", "businesses"),
        gives=("employer_links",),
        desk=(EMPLOYERS,),
        do=_employers,
        dated=False,
    ),
    Step(
        name="worker_matches",
        title=Text("Nối người được trả lương với công dân", "Match paid workers to persons"),
        needs=("tax_income", "population", "declarations"),
        after=("links", "employer_links"),
        gives=("worker_matches",),
        desk=(WORKERS,),
        do=_workers,
        dated=False,
    ),
)


def steps(relink: bool = False) -> Iterator[Step]:
    """Yield the steps of linking; with `relink` no link of the last run is kept."""
    yield replace(LINKS, earlier=()) if relink else LINKS
    yield from OTHERS
