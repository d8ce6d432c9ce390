"""What an operator copies: the units, the container, the proxy; and whom the site believes what a proxy says."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from baophu.web.proxies import BehindProxies

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))


def seen(remote: str, proxies: str = "127.0.0.1,10.1.0.0/16", **headers: str) -> dict[str, Any]:
    """What the site sees of a request."""
    found: dict[str, Any] = {}

    def site(environ: dict[str, Any], start: object) -> list[bytes]:
        found.update(environ)
        return []

    BehindProxies(site, proxies)({"REMOTE_ADDR": remote, **headers}, lambda *_: None)
    return found


def test_a_named_proxy_says_who_asks_and_over_what() -> None:
    told = seen("127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7", HTTP_X_FORWARDED_PROTO="https")
    assert (told["REMOTE_ADDR"], told["HTTP_X_FORWARDED_PROTO"]) == ("203.0.113.7", "https")


def test_what_a_browser_made_up_before_the_proxies_is_not_believed() -> None:
    told = seen("127.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.7, 10.1.2.3")
    assert told["REMOTE_ADDR"] == "203.0.113.7"


@pytest.mark.parametrize("remote", ["203.0.113.7", "::ffff:1", "", "unix"])
def test_nobody_else_chooses_his_address_or_says_that_he_came_over_tls(remote: str) -> None:
    told = seen(remote, HTTP_X_FORWARDED_FOR="1.2.3.4", HTTP_X_FORWARDED_PROTO="https", HTTP_FORWARDED="for=1.2.3.4")
    assert told == {"REMOTE_ADDR": remote}


def test_a_proxy_that_says_nothing_is_who_asks() -> None:
    assert seen("127.0.0.1") == {"REMOTE_ADDR": "127.0.0.1"}


def unit(path: Path) -> configparser.ConfigParser:
    """A unit file, read."""
    read = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path)
    return read


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_one(path: Path) -> None:
    found = unit(path)
    assert "Unit" in found and ({"Service", "Timer"} & set(found))
    if "Service" in found:
        service = found["Service"]
        assert service["User"] == "baophu" and service["NoNewPrivileges"] == "yes" and service["UMask"] == "0077"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_understands_every_line_of_a_unit(path: Path) -> None:
    said = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False).stderr
    wrong = [line for line in said.splitlines() if path.name in line and "not executable" not in line]
    assert not [line for line in wrong if re.search("Unknown|Failed to parse|Invalid|ignoring", line)], said


def test_every_command_of_a_unit_exists() -> None:
    from typer.main import get_command

    from baophu.cli import app

    commands: Any = get_command(app).commands  # type: ignore[attr-defined]
    for path in UNITS:
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.search(r"bin/baophu (\w[\w-]*)(?: (\w[\w-]*))?", line)
            if found:
                group = commands[found[1]]
                assert not hasattr(group, "commands") or found[2] in group.commands, line
                options = {name for one in getattr(group, "params", ()) for name in one.opts}
                assert set(re.findall(r" (--\w[\w-]*)", line)) <= options, line


def test_every_setting_of_the_environment_file_is_one_of_the_program() -> None:
    used = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for name in re.findall(r"^#? ?(\w+)=", (DEPLOY / "baophu.env").read_text(encoding="utf-8"), re.MULTILINE):
        assert f'"{name}"' in used, name


def test_the_container_runs_as_nobody_special_and_installs_what_is_pinned() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "USER 10001" in text and "-c constraints.txt" in text
    for copied in re.findall(r"^COPY (?!--from)(.*) \./?(?:src)?$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in copied.split()), copied


def test_a_process_looks_at_the_country_before_its_first_request(
    home: Path, caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from baophu.web import warming

    looked, cards = [], warming.figures.cards
    monkeypatch.setattr(warming.figures, "cards", lambda reader, area: looked.append(area) or cards(reader, area))
    warming.warm()
    assert looked == ["00"]
    assert not caplog.records


def test_a_process_starts_before_the_first_run_too(home: Path, settings: Any, tmp_path: Path) -> None:
    from baophu.web.warming import warm

    settings.HOME = tmp_path
    warm()
