"""How quickly the site answers: a real server, and load on it over loopback.

python benchmarks/serving.py --home HOME [--users 50] [--seconds 30] [--crowd 500] [--within 60] [--port 8765]

The home needs a run; it is only read. A folder of its own holds the accounts and, where the home has no index of its
run yet, that index. `wrk` (Debian's package) makes the load: each user opens a page of a morning's round, reads it for
half a second to one and a half, and opens the next. The crowd signs in with its passwords while the users go on.
How soon Chromium paints the overview, of which it has kept nothing yet, is told before the load begins.
Server and load share two cores; CPU seconds tell more than wall seconds on a machine that others use too.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CORES = 2
P95, P99, FIRST_BYTE, CROWD_P99, MEMORY = 0.150, 0.400, 0.100, 2.0, 1.5 * 2**30
FIRST_PAINT, PAINTS = 1.5, 5
PASSWORD = "mot-chiec-thuyen-tren-bien"  # noqa: S105 (of accounts that end with this program)
PROVINCE = "79"
SINGLE = 20
PAUSE = (500, 1500)
SCRIPT = """
local asked, at = {}, 0
local told = { %s }
function init(arguments)
  math.randomseed(tonumber(tostring(told):sub(8), 16) or 7)
  for i, one in ipairs(told) do asked[i] = wrk.format("GET", one[1], { Cookie = one[2], Host = "127.0.0.1" }) end
  at = math.random(#asked)
end
function request() at = at %% #asked + 1; return asked[at] end
function delay() return math.random(%d, %d) end
wrong = 0
function response(status) if status ~= 200 then wrong = wrong + 1 end end
local threads = {}
function setup(thread) table.insert(threads, thread) end
function done(summary, latency, requests)
  local bad = 0
  for _, thread in ipairs(threads) do bad = bad + thread:get("wrong") end
  io.write(string.format("FOUND %%d %%d %%f %%f %%f %%f\\n", summary.requests,
    bad + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e6, latency:percentile(95) / 1e6, latency:percentile(99) / 1e6, latency.max / 1e6))
end
"""


def own_home(home: Path, folder: Path) -> Path:
    """Return a home in a folder whose registers and runs are those of another, with a desk and a site of its own."""
    made = folder / "home"
    (made / "warehouse").mkdir(parents=True)
    for path in (home / "warehouse").iterdir():
        if path.name != "frozen" or (path / "targets" / "current").exists():
            (made / "warehouse" / path.name).symlink_to(path)
    (made / "site").mkdir()
    if list((home / "site" / "index").glob("[0-9]*.sqlite")):
        shutil.copytree(home / "site" / "index", made / "site" / "index", copy_function=os.symlink)
        shutil.copy(home / "site" / "secret.key", made / "site" / "secret.key")
    return made


def make_accounts(home: Path, users: int, crowd: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Make readers, who are signed in already, and a crowd that will be; return (area, session) and names."""
    from baophu.web.serving import begin

    begin(home)
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.hashers import make_password
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import transaction

    from baophu.web.accounts.models import Grant, User

    hashed = make_password(PASSWORD)
    readers, names = [], []
    with transaction.atomic():
        for number in range(users + crowd):
            area = "00" if number % 3 == 0 else PROVINCE
            # Accounts for trying need no second code; on this machine alone they may be served.
            user = User.objects.create(
                username=f"user{number}", full_name=f"User {number}", password=hashed, is_demo=True
            )
            Grant.objects.create(user=user, role="national" if area == "00" else "provincial", area_code=area,
                                 granted_by="benchmark")  # fmt: skip
            if number >= users:
                names.append(user.username)
                continue
            session = SessionStore()
            session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session.save()
            readers.append((area, str(session.session_key)))
    return readers, names


@contextmanager
def served(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve a home until the block ends."""
    program = [str(Path(sys.executable).with_name("baophu")), "serve", "--port", str(port), "--home", str(home)]
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        # An index of ten million people takes a quarter of an hour.
        for _ in range(9000):
            if server.poll() is not None:
                sys.exit("the server ended")
            try:
                if fetch(port, "/healthz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def fetch(port: int, path: str, session: str = "") -> tuple[int, float, float, str]:
    """Open a page on a new connection; return status, seconds to the first byte and to the last, and what it says."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": f"baophu_session={session}"} if session else {})
    answer = connection.getresponse()
    first = time.perf_counter() - begun
    words = answer.read().decode(errors="replace")
    last = time.perf_counter() - begun
    connection.close()
    return answer.status, first, last, words


def paints(port: int, path: str, session: str) -> list[float]:
    """Return the seconds from asking for a page to its first words on the screen, each in a browser that kept nothing.

    Empty where Chromium is not here.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        return []
    from playwright.sync_api import sync_playwright

    site, found = f"http://127.0.0.1:{port}", []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(PAINTS):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": "baophu_session", "value": session, "url": site}])
            page = context.new_page()
            page.goto(site + path)
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            milliseconds = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            found.append(milliseconds / 1000)
            context.close()
        browser.close()
    return sorted(found)


def rounds(port: int, readers: Sequence[tuple[str, str]]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the pages of a morning by name, and (address, session) of every reader's round."""
    country = next(session for area, session in readers if area == "00")
    lists = {
        "findings, country": "/areas/00/findings",
        "employers, country": "/areas/00/employers",
        "findings, province": f"/areas/{PROVINCE}/findings",
        "employers, province": f"/areas/{PROVINCE}/employers",
    }
    pages = {
        "overview, country": "/areas/00",
        "overview, province": f"/areas/{PROVINCE}",
        "indicator, province": f"/areas/{PROVINCE}/indicators/si_total",
        "targets, province": f"/areas/{PROVINCE}/targets",
        **lists,
        "findings, by amount": f"/areas/{PROVINCE}/findings?sort=amount",
    }
    for name, path in lists.items():
        words = fetch(port, path, country)[3]
        following = re.search(r'href="([^"]*after=[^"]*)"', words)
        if following:
            pages[f"{name}, next"] = urllib.parse.urljoin(path, following.group(1).replace("&amp;", "&"))
        kind = name.split(",")[0]
        one = re.search(rf'href="(/{kind}/[^"]+)"', words)
        if one:
            pages[f"one of {name}"] = one.group(1)
    asked = []
    for area, session in readers:
        own = [path for name, path in pages.items() if area == "00" or "province" in name or "amount" in name]
        random.Random(session).shuffle(own)  # noqa: S311 (an order of pages)
        asked += [(path, session) for path in own]
    return pages, asked


def load(port: int, asked: Sequence[tuple[str, str]], users: int, seconds: int) -> tuple[int, int, list[float]]:
    """Let users open pages; return how many they opened, how many were wrong, and p50, p95, p99 and the longest."""
    told = ",\n".join(f'{{ "{path}", "baophu_session={session}" }}' for path, session in asked)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (told, *PAUSE))
        script.flush()
        said = subprocess.run(
            ["wrk", "-t2", f"-c{users}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name,
             f"http://127.0.0.1:{port}"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    found = re.search(r"FOUND (\d+) (\d+) ([\d. ]+)", said)
    if found is None:
        sys.exit(f"wrk said nothing of use:\n{said}")
    return int(found[1]), int(found[2]), [float(one) for one in found[3].split()]


async def crowd(port: int, names: Sequence[str], within: float) -> tuple[list[float], int]:
    """Let a crowd sign in, spread over some seconds; return the seconds of each answer, and how many failed."""
    taken: list[float] = []
    failed = 0

    async def ask(method: str, path: str, cookies: dict[str, str], body: str = "") -> tuple[int, str, str]:
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        head += f"Cookie: {'; '.join(f'{name}={value}' for name, value in cookies.items())}\r\n" if cookies else ""
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}\r\n{body}".encode())
        answer = (await reader.read()).decode(errors="replace")
        writer.close()
        taken.append(time.perf_counter() - begun)
        top, _, words = answer.partition("\r\n\r\n")
        for name, value in re.findall(r"(?im)^set-cookie: ([^=]+)=([^;]*)", top):
            cookies[name] = value
        location = re.search(r"(?im)^location: (\S+)", top)
        return int(top.split()[1]), location[1] if location else "", words

    async def sign_in(name: str, after: float) -> None:
        nonlocal failed
        await asyncio.sleep(after)
        cookies: dict[str, str] = {}
        words = (await ask("GET", "/sign-in", cookies))[2]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', words)
        given = {"csrfmiddlewaretoken": token[1] if token else "", "username": name, "password": PASSWORD}
        status, place, _ = await ask("POST", "/sign-in", cookies, urllib.parse.urlencode(given))
        while status == 302:
            status, place, _ = await ask("GET", place, cookies)
        failed += status != 200

    order = random.Random(7)  # noqa: S311 (when somebody comes)
    await asyncio.gather(*(sign_in(name, order.uniform(0, within)) for name in names))
    return taken, failed


class Watch(threading.Thread):
    """Watches the largest memory of a server and its workers, in bytes; what they share is counted once."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self.server, self.most, self.ended = server, 0, threading.Event()

    def run(self) -> None:
        """Look twice a second."""
        while not self.ended.wait(0.5):
            self.most = max(self.most, sum(memory(one) for one in family(self.server.pid)))


def family(pid: int) -> list[int]:
    """Return a process and those below it."""
    below = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [pid, *(one for child in below.read_text().split() for one in family(int(child)))]
    except OSError:
        return []


def memory(pid: int) -> int:
    """Return what a process holds for itself and its part of what it shares; pages of mapped files count too."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1]) * 1024  # type: ignore[index]


def cpu(pid: int) -> float:
    """Return the CPU seconds of a server and its workers."""
    ticks = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def line(words: str, value: float, limit: float, unit: str = "s") -> None:
    """Print a figure beside its limit."""
    shown = f"{value * 1000:9.0f} ms" if unit == "s" else f"{value / 2**20:9.0f} MiB"
    print(f"{words:52}{shown}   {value / limit:5.2f} of the limit{'' if value <= limit else '   OVER'}", flush=True)


def main() -> None:
    """Serve, load, print."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--home", type=Path, required=True)
    for name, value in (("users", 50), ("seconds", 30), ("crowd", 500), ("within", 60), ("port", 8765)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not here: apt-get install wrk")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    with tempfile.TemporaryDirectory(prefix="baophu-serving-") as folder:
        home = own_home(given.home.absolute(), Path(folder))
        readers, names = make_accounts(home, given.users, given.crowd)
        with served(home, given.port) as server:
            watch = Watch(server)
            watch.start()
            measure(given, server, readers, names)
            watch.ended.set()
            line("memory of the server, most", watch.most, MEMORY, "MiB")


def measure(
    given: argparse.Namespace,
    server: subprocess.Popen[bytes],
    readers: Sequence[tuple[str, str]],
    names: Sequence[str],
) -> None:
    """Print one user's, the users' and the crowd's figures."""
    pages, asked = rounds(given.port, readers)
    country = next(session for area, session in readers if area == "00")
    print(f"{'one user':34}{'first byte':>12}{'p95':>8}{'KiB':>8}")
    firsts: list[float] = []
    for name, path in pages.items():
        found = [fetch(given.port, path, country) for _ in range(SINGLE)]
        if found[0][0] != 200:
            sys.exit(f"{path}: {found[0][0]}")
        first = sorted(one[1] for one in found)
        firsts += first
        size = len(found[0][3].encode()) / 1024
        print(f"{name:34}{statistics.median(first) * 1000:9.0f} ms{first[-2] * 1000:5.0f} ms{size:8.0f}", flush=True)
    line("first byte, one user, p95 of all pages", sorted(firsts)[int(len(firsts) * 0.95)], FIRST_BYTE)
    if painted := paints(given.port, "/areas/00", country):
        print(
            f"first paint of the overview in Chromium, median of {PAINTS}: {statistics.median(painted) * 1000:.0f} ms"
        )
        line("first paint of the overview, the slowest", painted[-1], FIRST_PAINT)
    else:
        print("first paint: not measured, Chromium is not here (apt-get install chromium)")

    before = cpu(server.pid)
    opened, wrong, (p50, p95, p99, longest) = load(given.port, asked, given.users, given.seconds)
    spent = cpu(server.pid) - before
    print(
        f"{given.users} users for {given.seconds} s: {opened} pages, {wrong} wrong, {spent / opened * 1000:.1f} CPU ms"
    )
    print(f"  a page; median {p50 * 1000:.0f} ms, longest {longest * 1000:.0f} ms")
    line("overview and list pages, p95", p95, P95)
    line("overview and list pages, p99", p99, P99)
    if not names:
        return
    loaded: list[tuple[int, int, list[float]]] = []
    going_on = threading.Thread(target=lambda: loaded.append(load(given.port, asked, given.users, given.within)))
    going_on.start()
    taken, failed = asyncio.run(crowd(given.port, names, given.within))
    going_on.join()
    taken.sort()
    middle = statistics.median(taken) * 1000
    print(
        f"{len(names)} sign in within {given.within} s: {len(taken)} answers, {failed} failed, median {middle:.0f} ms"
    )
    print(f"  the users meanwhile: {loaded[0][0]} pages, {loaded[0][1]} wrong")
    line("the crowd, p99", taken[int(len(taken) * 0.99)], CROWD_P99)
    line("the users meanwhile, p99", loaded[0][2][2], CROWD_P99)


if __name__ == "__main__":
    main()
