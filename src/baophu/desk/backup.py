"""Backup and restore of a home folder, warehouse and desk together, encrypted.

A backup is one file in the age format (https://age-encryption.org/v1, X25519), so that it can also be opened without
this program. Inside is a tar of the home; its last member lists every file with its SHA-256. The key is a file that
its owner keeps apart from the home and from the backups: without it a backup cannot be opened by anybody.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import sqlite3
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

from baophu import __version__
from baophu.core.errors import BaophuError
from baophu.core.home import PART, SITE_INDEX, make_home, whole_file, whole_folder
from baophu.core.languages import Text
from baophu.desk.database import postgresql
from baophu.desk.dumping import DUMP, dump, load
from baophu.desk.store import desk_file, locked

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

LIST = "baophu-backup.json"
_LOCK = "lock"
# Held by purges; by loads, for a table; and for a line in the ledger.
_WAREHOUSE_LOCKS = ("purges/lock", "registers/*/lock", "registers/lock")
_MADE = "backups.jsonl"
_PAUSE = 0.2
_SQLITE_SIDES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: the number of its files and their size in bytes."""

    files: int
    size: int


def new_key(path: Path) -> str:
    """Write a new key to a file that only its owner can read (0600); return its public part.

    BaophuError where the file is already there: a key that is overwritten makes its backups unreadable.
    """
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    text = f"# created: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n# public key: {public}\n{identity}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(text)
    except FileExistsError:
        raise BaophuError(
            Text(f"Đã có {path}; khóa không bị ghi đè.", f"{path} is there already; a key is never overwritten."),
            Text("Chọn tên tệp khác.", "Choose another name."),
        ) from None
    except OSError as error:
        raise _cannot("ghi", "write", path, error) from None
    return public


def read_key(path: Path) -> Identity:
    """Read a key file; BaophuError where it cannot be read or holds no key."""
    import pyrage

    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise _cannot("đọc", "read", path, error) from None
    except UnicodeDecodeError:
        lines = []
    for line in lines:
        if line.startswith("AGE-SECRET-KEY-"):
            try:
                return pyrage.x25519.Identity.from_str(line.strip())
            except pyrage.IdentityError:
                break
    raise BaophuError(
        Text(f"{path} không phải tệp khóa.", f"{path} holds no key."),
        Text("Tạo khóa bằng: baophu backup-key TỆP", "Make a key with: baophu backup-key FILE"),
    )


def backup(home: Path, out: Path, key: Path) -> Kept:
    """Write a backup of a home; return what it holds.

    The desk is copied as of one moment while its lock is held, so that no import falls between it and the frozen
    copies; loads and purges wait, so that the registers fit their ledger. Where backups went is noted in the home,
    since a purge cannot reach them. BaophuError where there is no home, the key cannot be read or the file cannot be
    written; then nothing is left behind.
    """
    import pyrage

    if not home.is_dir():
        raise BaophuError(
            Text(f"Không có thư mục dữ liệu {home}.", f"There is no home folder {home}."),
            Text("Chọn thư mục bằng --home.", "Choose it with --home."),
        )
    public = read_key(key).to_public()
    with whole_file(out) as part, _quiet(home), _still(home) as desk_copy:
        kept: list[Kept] = []
        with _poured(lambda pipe: kept.append(_pack(home, desk_copy, out, pipe))) as source, part.open("wb") as target:
            part.chmod(0o600)
            pyrage.encrypt_io(source, target, [public])
    _note(home, out)
    return kept[0]


def made(home: Path) -> list[tuple[datetime, Path]]:
    """Return when and where backups of a home were written, oldest first; some may be gone since."""
    try:
        lines = (desk_file(home).parent / _MADE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    notes = [json.loads(line) for line in lines]
    return [(datetime.fromisoformat(note["at"]), Path(note["file"])) for note in notes]


def _note(home: Path, out: Path) -> None:
    place = desk_file(home).parent
    place.mkdir(mode=0o700, exist_ok=True)
    note = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "file": str(out.absolute())}
    with (place / _MADE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(note, ensure_ascii=False) + "\n")


@contextmanager
def _quiet(home: Path) -> Iterator[None]:
    """Hold what purges and loads hold: all at once or none, so that nobody waits for us who holds what we wait for."""
    with ExitStack() as held:
        while not all(_taken(path, held) for pattern in _WAREHOUSE_LOCKS for path in _below(home, pattern)):
            held.close()
            time.sleep(_PAUSE)
        yield


def _below(home: Path, pattern: str) -> list[Path]:
    return sorted((home / "warehouse").glob(pattern))


def _taken(path: Path, held: ExitStack) -> bool:
    file = held.enter_context(path.open("w"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _still(home: Path) -> Iterator[Path | None]:
    """Hold the desk's lock and give a copy of the desk as of one moment; None where there is no desk."""
    desk = desk_file(home)
    if not desk.exists() and not postgresql():
        yield None
        return
    with locked(desk.parent / _LOCK), TemporaryDirectory(prefix=PART, dir=home) as folder:
        if postgresql():
            copy = Path(folder) / Path(DUMP).name
            dump(copy)
            yield copy
            return
        copy = Path(folder) / desk.name
        with closing(sqlite3.connect(desk)) as live, closing(sqlite3.connect(copy)) as still:
            live.backup(still)
        yield copy


@contextmanager
def _poured(fill: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """Give the end of a pipe that another thread fills; what went wrong there first is raised here."""
    read_end, write_end = os.pipe()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(write_end, "wb") as pipe:
                fill(pipe)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        with os.fdopen(read_end, "rb") as source:
            yield source
    except Exception:
        thread.join()
        # A filler that failed leaves the reader with too little; one whose reader went away only lost its pipe.
        if failed and not isinstance(failed[0], BrokenPipeError):
            raise failed[0] from None
        raise
    thread.join()
    if failed:
        raise failed[0]


class _Hashing(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.hash.update(data)
        return data


def _pack(home: Path, desk_copy: Path | None, out: Path, pipe: IO[bytes]) -> Kept:
    """Write the tar: every file of the home that is whole, then their list."""
    places = {path.relative_to(home).as_posix(): path for path in _files(home, out)}
    if desk_copy is not None:
        places[f"desk/{desk_copy.name}"] = desk_copy
    hashes: dict[str, str] = {}
    size = 0
    with tarfile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, place in places.items():
            info = tar.gettarinfo(place, arcname=name)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            with place.open("rb") as file:
                hashing = _Hashing(file)
                tar.addfile(info, hashing)
            hashes[name] = hashing.hash.hexdigest()
            size += info.size
        text = {"program": __version__, "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "files": hashes}
        data = json.dumps(text, ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(LIST)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    return Kept(len(hashes), size)


def _files(home: Path, out: Path) -> Iterator[Path]:
    """Yield the files of a home in order; not what is half written, a lock, the site's index or the backup itself."""
    for folder, folders, names in os.walk(home):
        folders[:] = sorted(
            name for name in folders if not name.startswith(PART) and Path(folder) / name != home / SITE_INDEX
        )
        for name in sorted(names):
            path = Path(folder) / name
            half = name.startswith(PART) or name == _LOCK or name.endswith(_SQLITE_SIDES)
            if not half and path != out.absolute() and path.is_file() and not path.is_symlink():
                yield path


def restore(archive: Path, home: Path, key: Path) -> Kept:
    """Bring a backup back into a home that is not there yet, or empty; return what was brought back.

    The home appears by one rename when every file has come and its hash is right. BaophuError where the key is not
    the backup's, the file is damaged or cut off, or the home holds something; then nothing is changed.
    """
    import pyrage

    identity = read_key(key)
    if home.exists() and any(home.iterdir()):
        raise BaophuError(
            Text(f"{home} đã có dữ liệu; khôi phục không ghi đè.", f"{home} holds data; a restore overwrites nothing."),
            Text("Chọn thư mục mới bằng --home.", "Choose a new folder with --home."),
        )
    if not archive.is_file():
        raise BaophuError(Text(f"Không có tệp {archive}.", f"There is no file {archive}."))

    def open_up(pipe: IO[bytes]) -> None:
        with archive.open("rb") as source:
            pyrage.decrypt_io(source, pipe, [identity])

    try:
        with whole_folder(home) as part:
            part.chmod(0o700)
            with _poured(open_up) as pipe:
                kept = _unpack(pipe, part)
                while pipe.read(1 << 20):  # what follows the tar's end is nothing, but must be read for the other side
                    pass
            make_home(part)
            _load_desk(part)
    except pyrage.DecryptError as error:
        raise BaophuError(
            Text(
                f"Không mở được {archive.name}: sai khóa, hoặc tệp hỏng. Không có gì thay đổi.",
                f"Cannot open {archive.name}: not its key, or the file is damaged. Nothing was changed.",
            )
        ) from error
    except (tarfile.TarError, OSError, ValueError, KeyError) as error:
        raise BaophuError(
            Text(
                f"Bản sao lưu {archive.name} không đủ hoặc không ghi ra được. Không có gì thay đổi.",
                f"The backup {archive.name} is not whole or cannot be written out. Nothing was changed.",
            )
        ) from error
    return kept


def _load_desk(part: Path) -> None:
    """Bring the desk of a backup to where it is to be: a file of the home, or the database that was set."""
    dumped = part / DUMP
    if dumped.exists():
        load(dumped)
        dumped.unlink()
    elif postgresql() and desk_file(part).exists():
        raise BaophuError(
            Text(
                "Bàn làm việc trong bản sao lưu này là SQLite. Không có gì thay đổi.",
                "The desk of this backup is SQLite. Nothing was changed.",
            ),
            Text("Bỏ BAOPHU_DATABASE rồi khôi phục lại.", "Unset BAOPHU_DATABASE and restore again."),
        )


def _unpack(pipe: IO[bytes], part: Path) -> Kept:
    """Write out a tar and hold every file against the list at its end; ValueError where one is not right."""
    hashes: dict[str, str] = {}
    size = 0
    listed: dict[str, str] | None = None
    with tarfile.open(fileobj=pipe, mode="r|") as tar:
        for info in tar:
            content = tar.extractfile(info)
            if content is None:
                raise ValueError(f"{info.name} is no file")
            if info.name == LIST:
                listed = json.load(content)["files"]
                continue
            path = (part / info.name).resolve()
            if not path.is_relative_to(part.resolve()):
                raise ValueError(f"{info.name} leads out of the home")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            hashing = _Hashing(content)
            with path.open("wb") as file:
                while data := hashing.read(1 << 20):
                    file.write(data)
            path.chmod(0o600)
            hashes[info.name] = hashing.hash.hexdigest()
            size += info.size
    if listed != hashes:
        raise ValueError("the files are not those of the list")
    return Kept(len(hashes), size)


def _cannot(vi: str, en: str, path: Path, error: OSError) -> BaophuError:
    return BaophuError(
        Text(f"Không {vi} được {path}: {error.strerror}.", f"Cannot {en} {path}: {error.strerror}."),
        Text("Không có gì thay đổi.", "Nothing was changed."),
    )
