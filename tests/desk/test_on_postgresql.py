"""What only a desk in PostgreSQL does: its address, its backup, and that the command line keeps to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from baophu.core.errors import BaophuError
from baophu.desk import database
from baophu.desk.audit import first_broken, record
from baophu.desk.backup import backup, new_key, restore
from baophu.desk.dumping import _without_password
from baophu.desk.models import AuditRecord
from baophu.desk.store import desk_file

here = pytest.mark.skipif(not database.postgresql(), reason="BAOPHU_DATABASE names no PostgreSQL")


def named(address: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of an empty database beside the one of the tests."""
    import psycopg

    own, name = database.postgresql(), f"baophu_again_{os.getpid()}"
    with psycopg.connect(named(own, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield named(own, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.mark.parametrize("address", ["mysql://x/y", "postgresql://server", "postgresql://server:port/baophu", "baophu"])
def test_an_address_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str) -> None:
    monkeypatch.setenv(database.VARIABLE, address)
    with pytest.raises(BaophuError, match="no address of a PostgreSQL"):
        database.database(tmp_path)


def test_an_address_is_read_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(database.VARIABLE, "postgresql://lan:m%40t@db.example:6432/bao%20phu?sslmode=require")
    found = database.database(tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("lan", "m@t", "db.example", 6432)
    assert (found["NAME"], found["OPTIONS"]["sslmode"]) == ("bao phu", "require")
    assert database.desk_named(tmp_path) == "postgresql://db.example/bao phu"
    assert "m@t" not in database.desk_named(tmp_path)


def test_a_password_is_not_seen_in_the_list_of_processes() -> None:
    address, environment = _without_password("postgresql://lan:m%40t@db.example:6432/baophu?sslmode=require")
    assert address == "postgresql://lan@db.example:6432/baophu?sslmode=require"
    assert environment["PGPASSWORD"] == "m@t"


def test_a_server_that_does_not_answer_is_told_without_a_trace(tmp_path: Path) -> None:
    environment = os.environ | {"BAOPHU_DATABASE": "postgresql://lan:secret@127.0.0.1:1/baophu", "BAOPHU_LANG": "en"}
    program = "import sys; from baophu.cli import main; sys.argv = ['baophu', 'targets', 'history']; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment | {"BAOPHU_HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "Cannot use postgresql://127.0.0.1/baophu" in done.stderr
    assert "Traceback" not in done.stderr and "secret" not in done.stderr


@here
def test_the_command_line_opens_the_database_and_makes_no_file(home: Path) -> None:
    record("lan", AuditRecord.Action.GRANT, "user:minh", {})
    program = (
        "import sys; from pathlib import Path; from baophu.linkage.decisions import Decided, decide;"
        "decide(Path(sys.argv[1]), [Decided('0123456789', '001090000017', True)], by='minh', why='đối chiếu hồ sơ')"
    )
    subprocess.run([sys.executable, "-c", program, str(home)], check=True)
    assert [one.actor for one in AuditRecord.objects.order_by("id")] == ["lan", "minh"]
    assert first_broken() is None
    assert not desk_file(home).exists()


@here
def test_a_backup_holds_the_database_and_brings_it_back(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database: str
) -> None:
    import psycopg

    record("lan", AuditRecord.Action.GRANT, "user:minh", {"vai trò": "cán bộ"})
    (home / "warehouse").mkdir()
    (home / "warehouse" / "a.txt").write_text("kho")
    key, out = tmp_path / "key.txt", tmp_path / "backup.age"
    new_key(key)
    backup(home, out, key)
    with pytest.raises(BaophuError, match="tables already"):
        restore(out, tmp_path / "again", key)
    assert not (tmp_path / "again").exists(), "nothing is half restored"
    monkeypatch.setenv(database.VARIABLE, empty_database)
    kept = restore(out, tmp_path / "again", key)
    assert kept.files >= 2
    assert (tmp_path / "again" / "warehouse" / "a.txt").read_text() == "kho"
    assert not list((tmp_path / "again" / "desk").glob("*.pgdump")), "the database has it"
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT actor, detail FROM desk_auditrecord").fetchall() == [
            ("lan", {"vai trò": "cán bộ"})
        ]


@here
def test_a_backup_of_a_database_is_not_brought_back_without_one(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, out = tmp_path / "key.txt", tmp_path / "backup.age"
    new_key(key)
    backup(home, out, key)
    monkeypatch.delenv(database.VARIABLE)
    with pytest.raises(BaophuError, match="lies in PostgreSQL"):
        restore(out, tmp_path / "again", key)
    assert not (tmp_path / "again").exists()
