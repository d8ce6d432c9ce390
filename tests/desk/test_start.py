"""Starting the desk: for a new home, again, for a home that cannot be, for a desk of a later version."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from baophu.core.errors import BaophuError
from baophu.desk.models import Decision
from baophu.desk.start import start
from baophu.desk.store import desk_file

from . import examples


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_its_users_alone_and_ready(tmp_path: Path, home: Path) -> None:
    fresh = tmp_path / "new" / "home"
    start(fresh)
    assert (mode(fresh), mode(fresh / "desk")) == (0o700, 0o700)
    assert Decision.objects.count() == 0


def test_starting_again_keeps_what_is_there(home: Path) -> None:
    examples.decision().save()
    start(home)
    assert Decision.objects.get().number == "403/NQ-CP"


@pytest.mark.sqlite
def test_each_home_has_its_own_desk(home: Path, tmp_path: Path) -> None:
    examples.decision().save()
    start(tmp_path / "other")
    assert not Decision.objects.exists()
    start(home)
    assert Decision.objects.exists()


def test_the_migrations_are_all_written_down(home: Path) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_settings_can_be_read_without_a_home(tmp_path: Path) -> None:
    """The type checker and pytest-django import them; that makes nothing."""
    program = "import django, baophu.desk.settings; django.setup(); import baophu.desk.models"
    environment = os.environ | {"BAOPHU_HOME": str(tmp_path / "none"), "DJANGO_SETTINGS_MODULE": "baophu.desk.settings"}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    assert not (tmp_path / "none").exists()


def test_a_home_that_cannot_be_made_is_told(home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BaophuError) as error:
        start(tmp_path / "file" / "home")
    assert "Không tạo được thư mục" in error.value.say("vi")
    assert "--home" in error.value.say("en")


@pytest.mark.sqlite
def test_a_file_that_is_no_database_is_told(tmp_path: Path, home: Path) -> None:
    file = desk_file(tmp_path / "broken")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"this is not a database" * 100)
    with pytest.raises(BaophuError) as error:
        start(tmp_path / "broken")
    assert "file is not a database" in error.value.say("vi")
    assert str(file) in error.value.say("en")


def test_a_desk_of_a_later_version_is_left_alone(home: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('desk', '9999_later', '2030-01-01')")
    with pytest.raises(BaophuError, match="later version of the program \\(9999_later\\)"):
        start(home)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")


def test_two_programs_may_start_a_new_home_at_once(tmp_path: Path) -> None:
    program = "import sys, pathlib; from baophu.desk.start import start; start(pathlib.Path(sys.argv[1]))"
    started = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "home")]) for _ in range(2)]
    assert [process.wait() for process in started] == [0, 0]
