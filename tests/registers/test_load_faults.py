"""Loads that are killed, that meet each other, a full disk, a file that changes, or anything that people may send."""

from __future__ import annotations

import csv
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baophu.core.errors import BaophuError
from baophu.registers import reading, store
from baophu.registers.loading import Options, load

HEADER = "month,employer_id,si_code,group_code,wage"
RUN = (
    "import sys; from pathlib import Path; from baophu.registers.loading import load;"
    "load([Path(sys.argv[1])], Path(sys.argv[2]))"
)
KILLS = int(os.environ.get("KILLS", "12"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("large") / "d.csv"
    duckdb.sql(f"""COPY (SELECT '2026-10-01' AS month, 'DN' || i // 20 AS employer_id,
        lpad(i::VARCHAR, 10, '0') AS si_code,
        'a' AS group_code, CASE WHEN i % 100 = 0 THEN 'x' ELSE '5000000' END AS wage
        FROM range(300000) t(i)) TO '{file}'""")  # noqa: S608
    return file


def test_a_killed_load_leaves_nothing_that_counts_and_the_next_one_is_whole(large: Path, tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311
    home = tmp_path / "home"
    killed = 0
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", RUN, large, home])
        time.sleep(chance.uniform(0.3, 2.2))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        for one in store.loads(home):
            assert (one.read, one.loaded, one.rejected) == (300_000, 297_000, 3_000)
    assert killed
    load([large], home)
    (one,) = store.loads(home)
    assert one.loaded + one.rejected + one.held == one.read == 300_000
    assert not list(store.folder(home, "declarations").glob(".part-*"))


def test_an_interrupted_load_leaves_nothing(large: Path, tmp_path: Path) -> None:
    def interrupt(table: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load([large], tmp_path, progress=interrupt)
    assert sorted(path.name for path in store.folder(tmp_path, "declarations").iterdir()) == ["lock"]


def test_a_full_disk_is_told_and_nothing_is_kept(large: Path, tmp_path: Path) -> None:
    limited = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, {resource.RLIM_INFINITY}));"
        "from baophu.core.errors import BaophuError\n"
        f"try:\n    exec({RUN!r})\n"
        "except BaophuError as error:\n    print(error.say('en')); sys.exit(3)"
    )
    done = subprocess.run([sys.executable, "-c", limited, large, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "Nothing was loaded" in done.stdout
    assert sorted(path.name for path in store.folder(tmp_path, "declarations").iterdir()) == ["lock"]


def test_a_file_that_changes_while_it_is_read_is_refused(large: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_bytes(large.read_bytes())

    def write_on(table: str, done: int, total: int) -> None:
        with file.open("a") as more:
            more.write("2026-10-01,DN1,9999999999,a,1\n")

    with pytest.raises(BaophuError, match="changed while"):
        load([file], tmp_path / "home", progress=write_on)
    assert store.loads(tmp_path / "home") == []


def test_a_second_load_of_a_table_says_so_or_waits(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text(f"{HEADER}\n2026-10-01,DN1,0123456789,a,1\n")
    with store.locked(tmp_path / "home", "declarations"):
        with pytest.raises(BaophuError, match="Another load"):
            load([file], tmp_path / "home", options=Options(wait=False))
        second = subprocess.Popen([sys.executable, "-c", RUN, file, tmp_path / "home"])
        time.sleep(2)
        assert second.poll() is None
        assert store.loads(tmp_path / "home") == []
    assert second.wait(30) == 0
    assert len(store.loads(tmp_path / "home")) == 1


cell = st.one_of(
    st.text(alphabet="0123456789.,-/eE +'aĐ\u00a0=\"\n\r;|\t", max_size=14),
    st.sampled_from(
        ["2026-10-01", "31/10/2026", "46296", "", "0123456789", "a", "5.000.000", "1e400", "infinity", "NaN"]
    ),
    st.text(max_size=6),
)
names = st.permutations(HEADER.split(",")).flatmap(
    lambda some: st.tuples(st.just(some), st.lists(st.text(max_size=8), max_size=2)).map(lambda two: [*two[0], *two[1]])
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=names,
    lines=st.lists(st.lists(cell, max_size=9), max_size=8),
    separator=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1258"]),
)
def test_whatever_is_sent_is_refused_in_words_or_accounted_for_to_the_row(
    tmp_path_factory: pytest.TempPathFactory,
    header: list[str],
    lines: list[list[str]],
    separator: str,
    end: str,
    quoting: bool,
    encoding: str,
) -> None:
    def written(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if quoting else value

    text = end.join(separator.join(written(value) for value in line) for line in [header, *lines])
    place = tmp_path_factory.mktemp("sent")
    (place / "d.csv").write_bytes(text.encode(encoding, errors="replace"))
    try:
        found = load([place / "d.csv"], place / "home")
    except BaophuError as error:
        assert error.say("vi")
        assert error.say("en")
        assert not list((place / "home").rglob("*.parquet"))
        return
    for one in found:
        counts = one.manifest
        assert counts.loaded + counts.rejected + counts.held == counts.read
        if quoting:
            assert counts.read + counts.inputs[0].blank == len(lines) - (lines[-1:] == [[]])


PEOPLE = "si_code,pid,full_name,birth_date,birth_year,sex,commune_code,registered_on"
day = st.one_of(
    st.dates().map(str),
    st.dates().map(lambda when: f"{when:%d/%m/%Y}"),
    st.sampled_from(
        ["1985", "46296", "0001-01-01", "2026-02-30", "31/02/2026", "2026-1-1", " 1985-03-02 ", "-1", "9999-12-31"]
    ),
)
person = st.tuples(
    st.sampled_from(["0123456789", "123456789", "12", ""]),
    st.sampled_from(["001085123456", "1085123456", "111111111111", "1,2E+11", "000000000000", ""]),
    st.one_of(
        st.text(max_size=12), st.sampled_from(["NguyÔn V¨n Hïng", "Nguye\u0302\u0303n", "\ufeff", "\u200b", "\u00a0An"])
    ),
    day,
    st.sampled_from(["", "1985", "1985.0", "x"]),
    st.sampled_from(["M", "f", "", "nam"]),
    st.sampled_from(["00004", "4", "00007", "99999", "318", ""]),
    day,
)


@settings(max_examples=25, deadline=None)
@given(people=st.lists(person, max_size=6), encoding=st.sampled_from(["utf-8", "utf-8-sig"]))
def test_whatever_stands_in_a_cell_of_a_person_the_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, ...]], encoding: str
) -> None:
    place = tmp_path_factory.mktemp("people")
    with (place / "p.csv").open("w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([PEOPLE.split(","), *people])
    try:
        (one,) = load([place / "p.csv"], place / "home")
    except BaophuError as error:
        assert any("\0" in cell for one in people for cell in one), error
        return
    found = one.manifest
    assert found.loaded + found.rejected + found.held == found.read == len(people)
    for path in store.current(place / "home", "participants"):
        stored = duckdb.read_parquet(str(path)).project("full_name, full_key, si_code_number").fetchall()
        assert all(name and number == 123456789 for name, _, number in stored)


@settings(max_examples=40, deadline=None)
@given(raw=st.binary(max_size=200))
def test_no_bytes_crash_the_reading(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    place = tmp_path_factory.mktemp("bytes")
    for begin in (b"", b"PK\x03\x04", b"PAR1", HEADER.encode() + b"\n"):
        (place / "d").write_bytes(begin + raw)
        try:
            load([place / "d"], place / "home")
        except BaophuError as error:
            assert error.say("en")


def test_a_reading_that_loses_a_row_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "d.xlsx"
    import openpyxl

    book = openpyxl.Workbook()
    for line in (HEADER.split(","), ["2026-10-01", "DN1", "0123456789", "a", 1]):
        book.active.append(line)  # type: ignore[union-attr]
    book.save(file)
    real = reading.source

    def one_more(*args: object) -> reading.Source:
        found = real(*args)  # type: ignore[arg-type]
        return reading.Source(found.sql, found.rows + 1)

    monkeypatch.setattr(reading, "source", one_more)
    with pytest.raises(BaophuError, match="are not the rows"):
        load([file], tmp_path / "home")
    assert store.loads(tmp_path / "home") == []
