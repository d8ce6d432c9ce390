"""The documentation holds what the program has, leads nowhere that is not there, and loads nothing from outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typer

from baophu.cli import app
from baophu.reports.style import CLASSES, PALETTE
from baophu.targets.progress import COLUMNS, REASONS, STATES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
SOURCE = ROOT / "src" / "baophu"
NAV = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1]
PAGES = sorted(DOCS.rglob("*.md"))

# Written in two parts, so that this file is not among those that name them.
WORKING_FOLDER = "/" + "work/"
HOSTS = [
    "py" + "pi.org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "deb.debian" + ".org",
    "security.debian" + ".org",
    "ftp.debian" + ".org",
    "archive.ubuntu" + ".com",
]
LOCK_FILES = re.compile(r"(\.lock|package-lock\.json|pnpm-lock\.yaml|npm-shrinkwrap\.json)$")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def tracked() -> list[Path]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if told.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in told.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


# Pages that are made


TOOLS = sorted(path.name for path in (ROOT / "tools").glob("make_*.py") if "from pages import" in text(path))


def test_the_tools_that_make_pages_are_found() -> None:
    assert {"make_reference.py", "make_handbook.py", "make_spec_pages.py"} <= set(TOOLS)


@pytest.mark.parametrize("tool", TOOLS)
def test_pages_that_are_made_are_up_to_date(tool: str) -> None:
    checked = subprocess.run([sys.executable, ROOT / "tools" / tool, "--check"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_page_of_the_reference_that_was_edited_by_hand_is_found(tmp_path: Path) -> None:
    tool = [sys.executable, ROOT / "tools" / "make_reference.py", "--out", tmp_path]
    subprocess.run(tool, check=True)
    assert subprocess.run([*tool, "--check"]).returncode == 0
    page = tmp_path / "results.md"
    page.write_text(text(page).replace("never", "seldom", 1), encoding="utf-8")
    checked = subprocess.run([*tool, "--check"], capture_output=True, text=True)
    assert checked.returncode == 1
    assert "results.md" in checked.stderr
    assert "commands.md" not in checked.stderr


# What the program has, the documentation has


def commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield name, command
    for word, below in getattr(command, "commands", {}).items():
        yield from commands(f"{name} {word}", below)


COMMANDS = dict(commands("baophu", typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    page = text(REFERENCE / "commands.md")
    section = re.split(rf"\n##+ {re.escape(name)}\n", page)[1].split("\n##")[0]
    assert COMMANDS[name].help in section
    for parameter in COMMANDS[name].params:
        if parameter.opts[0].startswith("-"):
            assert re.search(rf"`{re.escape(parameter.opts[0])}[`,]", section)
        assert parameter.help.replace("|", "\\|") in section


def test_options_that_may_stand_anywhere_are_documented() -> None:
    options = re.findall(r'add_argument\("(--\w+)"', text(SOURCE / "cli.py"))
    assert options == ["--lang", "--home"]
    assert all(f"`{option} " in text(REFERENCE / "commands.md") for option in options)


def test_commands_that_the_documentation_shows_exist() -> None:
    shown = {
        tuple(words.split())
        for page in PAGES
        for words in re.findall(
            r"(?:\$ |`)baophu(?: --lang en| --home \S+)? ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", text(page)
        )
    }
    assert shown
    for words in shown:
        name = "baophu"
        for word in words:
            if getattr(COMMANDS[name], "commands", None):
                name = f"{name} {word}"
                assert name in COMMANDS, name


def test_every_environment_variable_is_documented() -> None:
    used = {name for path in SOURCE.rglob("*.py") for name in re.findall(r"\b(?:BAOPHU|XDG)_\w+", text(path))}
    assert used >= {"BAOPHU_HOME", "BAOPHU_LANG", "BAOPHU_DEBUG"}
    settings = text(REFERENCE / "records.md").split("\n## Settings\n")[1]
    assert [name for name in sorted(used) if name not in settings] == []
    told = {name for page in PAGES for name in re.findall(r"\bBAOPHU_\w+", text(page))}
    assert told <= used


def test_every_column_of_progress_is_documented_in_its_order() -> None:
    page = text(REFERENCE / "results.md")
    columns = re.findall(r"^\| `(\w+)` \|", page.split("\n## Reasons\n")[0], re.MULTILINE)
    assert tuple(columns) == COLUMNS


def test_every_reason_is_documented_with_its_words() -> None:
    section = text(REFERENCE / "results.md").split("\n## Reasons\n")[1]
    for code, words in REASONS.items():
        assert f"| `{code}` | {words.vi} | {words.en} |" in section


def test_every_state_and_colour_is_documented() -> None:
    page = text(REFERENCE / "look.md")
    for name, (paper, dark) in PALETTE.items():
        assert f"| `{name}` | `{paper}` | `{dark}` |" in page
    assert all(colour in page for colour in CLASSES)
    assert all(words.vi in page and words.en in page for words in STATES.values())


def test_every_package_is_in_the_house_in_the_order_that_is_checked() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    table = text(REFERENCE / "house.md").split("\n## Beside the packages\n")[0]
    told = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert set(told) == packages
    contract = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"][0]
    layers = [layer.removeprefix("baophu.") for layer in contract["layers"]]
    assert [layer for layer in layers if layer not in ("cli", "run")] == [*reversed(told)]
    assert layers[0] == "cli" and layers.index("run") < layers.index(told[-2])


def test_every_file_named_in_the_house_exists() -> None:
    page = text(REFERENCE / "house.md")
    named = set(re.findall(r"`([\w/-]+\.(?:py|yaml|csv))`", page))
    assert named
    for name in named:
        assert list(SOURCE.rglob(name)) or (ROOT / name).exists(), name


# Where the documentation leads


def test_every_page_and_every_decision_is_in_the_list_of_the_site() -> None:
    listed = set(re.findall(r"\b([\w/-]+\.md)$", NAV, re.MULTILINE))
    assert listed == {path.relative_to(DOCS).as_posix() for path in PAGES}


def test_decisions_are_numbered_without_a_gap_and_have_three_parts() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    for path in records:
        assert text(path).startswith(f"# {path.name[:4]}: ")
        assert re.findall(r"^## (.*)$", text(path), re.MULTILINE) == ["Context", "Decision", "Consequences"]


def links(page: Path) -> list[str]:
    prose = re.sub(r"```.*?```|^    .*?$", "", text(page), flags=re.DOTALL | re.MULTILINE)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in link]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(page: Path) -> None:
    for link in links(page):
        path, _, _ = link.partition("#")
        assert not path or (page.parent / path).exists(), f"{page.name}: {link}"


# What no file says


@pytest.mark.parametrize("words", [WORKING_FOLDER, *HOSTS])
def test_no_file_names_a_place_of_this_machine_or_an_index_of_packages(words: str) -> None:
    found = [path for path in tracked() if words.encode() in path.read_bytes()]
    assert [path.relative_to(ROOT).as_posix() for path in found] == []


def test_no_lock_file_is_tracked() -> None:
    assert [path.name for path in tracked() if LOCK_FILES.search(path.name)] == []


# The site


class Loads(HTMLParser):
    """Collects what a page loads, and not what it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            is_loaded = name in ("src", "srcset", "data", "poster", "action") or (name == "href" and tag != "a")
            if value and (is_loaded or name == "style"):
                self.found.append(value)


def test_the_site_builds_and_loads_nothing_from_outside(tmp_path: Path) -> None:
    site = tmp_path / "site"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    pages = list(site.rglob("*.html"))
    assert len(pages) > len(PAGES)  # and the one for what is not found
    for page in pages:
        loads = Loads()
        loads.feed(text(page))
        outside = [address for address in loads.found if re.match(r"(https?:)?//", address.strip())]
        styles = re.findall(r"<style[^>]*>(.*?)</style>", text(page), re.DOTALL)
        outside += [style for style in styles if re.search(r"url\(['\"]?(https?:)?//|@import", style)]
        assert outside == [], page.relative_to(site)
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", text(sheet)), sheet.name
    assert (site / "search" / "search_index.json").exists()
