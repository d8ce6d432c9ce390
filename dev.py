#!/usr/bin/env python3
"""Sets everything up in a fresh clone, with nothing but Python 3.11 and pip, and then does one of two things.

python3 dev.py run            runs the main job and shows where its result is
python3 dev.py run --serve    the same, and then serves the site with demo users at 127.0.0.1 until it is stopped
python3 dev.py test           passes the tests (the fast ones first)

The environment is `.venv` in the clone. What pip cannot bring (Chromium, for the tests in a browser; Java, for the
tests on Spark; PostgreSQL, for the desk's tests on it) comes from Debian's packages where these may be installed; where
they may not, the tests that need them are named as skipped.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
EXTRAS = {"run": (), "test": ("test", "docs", "spark", "postgres")}


def say(text: str) -> None:
    """Print one step, in order with what the steps themselves print."""
    print(f"[dev] {text}", flush=True)


def call(*command: str | Path, **environment: str) -> int:
    """Run a command in the clone and return its exit code."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=around(**environment), check=False).returncode


def around(**environment: str) -> dict[str, str]:
    """Return the environment of a command in the clone."""
    env = {**os.environ, "VIRTUAL_ENV": str(VENV), **environment}
    env["PATH"] = f"{BIN}{os.pathsep}{env.get('PATH', '')}"
    # The tests begin hundreds of programs; without what Python keeps, each would compile all of its modules anew.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["NO_MKDOCS_2_WARNING"] = "1"
    return env


def fingerprint(extras: tuple[str, ...]) -> str:
    """Name what an environment was made from, so that an unchanged one is not made again."""
    parts = [(ROOT / "pyproject.toml").read_bytes(), (ROOT / "constraints.txt").read_bytes()]
    parts += [",".join(extras).encode(), sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def set_up(extras: tuple[str, ...]) -> None:
    """Make `.venv` with `baophu` in its `bin`; what is there and unchanged is kept."""
    if sys.version_info < (3, 11):  # noqa: UP036 (said in words rather than by a broken install)
        sys.exit(f"[dev] Baophu needs Python 3.11 or later; this is {sys.version.split()[0]} ({sys.executable})")
    stamp = VENV / ".made-from"
    wanted = {fingerprint(extras)} | ({fingerprint(EXTRAS["test"])} if not extras else set())
    if stamp.exists() and stamp.read_text() in wanted and PYTHON.exists():
        return
    say(f"setting up {VENV} (once; a few minutes)")
    if not PYTHON.exists():
        # Without its own pip, since Debian's Python comes without the module that would put one there.
        venv.create(VENV, with_pip=False, symlinks=os.name != "nt", clear=True)
    target = ".[" + ",".join(extras) + "]" if extras else "."
    code = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet",
         "--disable-pip-version-check", "-c", "constraints.txt", "-e", target],
        cwd=ROOT, check=False,
    ).returncode  # fmt: skip
    if code:
        sys.exit("[dev] pip could not install what Baophu needs; see its message above. Nothing else was changed.")
    stamp.write_text(fingerprint(extras))


def program(names: tuple[str, ...], package: str, purpose: str) -> bool:
    """Find a program, or install Debian's package of it; True when it is there."""
    if any(found(name) for name in names):
        return True
    may_install = shutil.which("apt-get") and os.name == "posix" and os.geteuid() == 0
    if may_install:
        say(f"installing {package} from Debian's packages, for {purpose}")
        call("apt-get", "-qq", "update", DEBIAN_FRONTEND="noninteractive")
        call("apt-get", "-qq", "install", "-y", "--no-install-recommends", package,
             DEBIAN_FRONTEND="noninteractive")  # fmt: skip
    return any(found(name) for name in names)


def found(name: str) -> str | None:
    """Return the place of a program, also where Debian keeps a PostgreSQL's own."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, places)]))


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL for the tests, in a folder of its own and without a port; yield its address, and stop it."""
    folder = Path(tempfile.mkdtemp(prefix="baophu-pg-"))
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    root = os.name == "posix" and os.geteuid() == 0
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
    if root:
        shutil.chown(folder, "postgres", "postgres")

    def do(name: str, *arguments: str) -> None:
        subprocess.run(
            [str(found(name)), *arguments],
            cwd=folder, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"}, **as_user,
        )  # fmt: skip

    data = str(folder / "data")
    try:
        settings = ("--auth=trust", "--username=baophu", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        do("initdb", "-D", data, *settings)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        do("pg_ctl", "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            do("createdb", "-h", str(folder), "-U", "baophu", "baophu")
            yield f"postgresql://baophu@/baophu?host={folder}"
        finally:
            do("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def passes(*steps: Sequence[str]) -> bool:
    """Do one step after the other until one fails, which is told."""
    for step in steps:
        say(" ".join(step))
        begun = time.monotonic()
        if call(BIN / step[0], *step[1:]):
            say(f"failed: {' '.join(step)}")
            return False
        say(f"passed in {time.monotonic() - begun:.0f} s")
    return True


class Lane(NamedTuple):
    """Steps that are done one after the other, with what is set for them in their environment."""

    steps: Sequence[Sequence[str]]
    environment: Mapping[str, str]


class SideBySide:
    """Lanes that are done at the same time; the first step that fails is told and ends all of them.

    What a step prints is shown whole when it ends, since the lines of two steps among each other tell nobody anything.
    """

    def __init__(self) -> None:
        self._telling = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._failed = False

    def passes(self, *lanes: Sequence[Lane]) -> bool:
        """Do the lanes, each of which may be several with another environment; return whether all steps passed."""
        with ThreadPoolExecutor(len(lanes)) as at_work:
            list(at_work.map(self._do, lanes))
        return not self._failed

    def _do(self, lane: Sequence[Lane]) -> None:
        for part in lane:
            for step in part.steps:
                if not self._passes(step, part.environment):
                    return

    def _passes(self, step: Sequence[str], environment: Mapping[str, str]) -> bool:
        begun = time.monotonic()
        with tempfile.TemporaryFile() as told:
            with self._telling:
                if self._failed:
                    return False
                say(f"begins: {' '.join(step)}")
                process = subprocess.Popen(
                    [str(BIN / step[0]), *step[1:]],
                    cwd=ROOT, stdout=told, stderr=subprocess.STDOUT, env=around(**environment),
                )  # fmt: skip
                self._running.append(process)
            code = process.wait()
            told.seek(0)
            with self._telling:
                if self._failed:
                    return False
                print(told.read().decode(errors="replace"), end="", flush=True)
                say(f"{'failed' if code else 'passed'} in {time.monotonic() - begun:.0f} s: {' '.join(step)}")
                if code:
                    self._failed = True
                    for other in self._running:
                        other.send_signal(signal.SIGINT)
        return not code


def run(serve: bool = False) -> int:
    """The main job: a small generated country, loaded and run for a month; then the real country on one page.

    `serve`: then the site, until it is stopped.
    """
    set_up(EXTRAS["run"])
    out = ROOT / "out"
    home = out / "home"
    # What an earlier call made here, and nothing else: the country is generated anew.
    for made in (out / "country", home):
        shutil.rmtree(made, ignore_errors=True)
    month = "2026-10"
    assign = (
        "targets",
        "assign",
        "--indicator",
        "si_voluntary",
        "--year",
        "2027",
        "--by",
        "reachable",
        "--total",
        "1500",
    )
    steps: list[tuple[str, tuple[str | Path, ...]]] = [
        (
            "generating a country of 50,000 people (nobody in it is real)",
            ("nation", "--people", "50000", "--months", "12", "--end", month, "--out", out / "country"),
        ),
        ("loading its registers", ("load", out / "country", "--home", home)),
        (f"running the month {month}", ("run", "--month", month, "--home", home, "--memory", "2GB", "--forecast")),
        ("sharing 1,500 voluntary participants for 2027 among its provinces, by whom the findings say can be reached",
         (*assign, "--home", home)),
        ("the same down to the communes, for Excel",
         (*assign, "--to", "commune", "--format", "xlsx", "--out", out / "assigned.xlsx", "--home", home)),
        ("its provinces in their order", ("rank", "--month", month, "--home", home)),
        ("its forecast, beside what is published of the real country", ("targets", "forecast", "--home", home)),
        ("Viet Nam's targets, from the decisions and figures that the program carries", ("progress",)),
        ("the same on one page", ("progress", "--format", "html", "--out", out / "baophu.html", "--chart",
                                  out / "charts")),
        ("and in English", ("progress", "--format", "html", "--lang", "en", "--out", out / "baophu-en.html")),
    ]  # fmt: skip
    for words, command in steps:
        say(words)
        code = call(BIN / "baophu", *command)
        if code:
            return code
    say(f"more of the month: .venv/bin/baophu results list --home {home.relative_to(ROOT)}")
    say(f"the page: {(out / 'baophu.html').relative_to(ROOT)}")
    command = f".venv/bin/baophu serve --demo --home {home.relative_to(ROOT)}"
    if not serve:
        say(f"the site with demo users: {command}")
        return 0
    say("the site, with demo users whose password is baophu-demo, on this machine alone (Ctrl+C to stop)")
    return call(BIN / "baophu", "serve", "--demo", "--home", home)


def test() -> int:
    """The checks and tests, the fast ones first; the first that fails ends it."""
    # A shell's background jobs are begun deaf to Ctrl-C, and so would be the programs whose end by it is tested.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    set_up(EXTRAS["test"])
    browsers = ("chromium", "chromium-browser", "google-chrome")
    there = {
        "browser": program(browsers, "chromium", "the tests in a browser"),
        "spark": program(("java",), "default-jre-headless", "the tests on Spark"),
        "postgres": program(("initdb",), "postgresql", "the desk's tests on PostgreSQL"),
    }
    missing = [marker for marker, is_there in there.items() if not is_there]
    for marker in missing:
        say(f"SKIPPED: the tests marked '{marker}' (what they need is not here and could not be installed)")
    if missing and os.environ.get("CI"):
        say("in CI nothing may be skipped: failing")
        return 1
    tests = ("python", "-m", "pytest", "-q")
    # Each process takes half of the tests in their order, so that what a module prepares is prepared once, and who is
    # done first takes over from the other.
    by_two = (*tests, "-n", "2", "--dist", "worksteal")
    if not passes(
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("lint-imports", "--no-cache"),
        ("mypy",),
        (*by_two, "-m", "not browser and not spark", "--ignore", "tests/web"),
        # The site's tests are a process of their own: Django is set up once in one, and the desk's tests do it too.
        (*by_two, "-m", "web and not browser", "tests/web"),
    ):
        return 1
    # What cannot be shared out among processes: two lanes beside each other, each one step after the other.
    one: list[Sequence[str]] = [("mkdocs", "build", "--quiet", "--strict", "--site-dir", "out/docs")]
    if there["browser"]:
        one.append((*tests, "-m", "browser", "--ignore", "tests/web"))
        one.append((*tests, "-m", "web and browser", "tests/web"))
    other: list[Sequence[str]] = []
    if there["spark"]:
        other.append((*tests, "-m", "spark", "--ignore", "tests/web", "--ignore", "tests/run"))
        # A whole run begins a Java process of its own, with more memory; the one of the steps' tests has ended by then.
        other.append((*tests, "-m", "spark", "tests/run"))
    on_postgresql: list[Sequence[str]] = [
        (*tests, "-m", "postgres and not sqlite", *folders)
        for folders in (("tests/desk", "tests/targets_import"), ("tests/web",))
    ]
    with postgresql() if there["postgres"] else nullcontext() as address:
        desk = Lane(on_postgresql, {"BAOPHU_DATABASE": address}) if address else Lane((), {})
        if not SideBySide().passes([Lane(one, {}), desk], [Lane(other, {})]):
            return 1
    say(f"all passed but the tests marked {', '.join(missing)}, which were skipped" if missing else "all passed")
    return 0


if __name__ == "__main__":
    jobs = {("run",): run, ("run", "--serve"): lambda: run(serve=True), ("test",): test}
    if tuple(sys.argv[1:]) not in jobs:
        sys.exit(__doc__)
    sys.exit(jobs[tuple(sys.argv[1:])]())
