"""What is not safe about an installation, or will soon not work: `baophu admin check` asks, before others come in."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from baophu.core.languages import Text
from baophu.core.numbers import count

ROOM = 5 * 2**30
ROOM_SHARE = 0.05
INDEX_DAYS = 45
BACKUP_DAYS = 7
KEY_LENGTH = 50
NEEDED = {"administrator": Text("quản trị", "administrator"), "auditor": Text("kiểm toán", "auditor")}
# Django's own words for what is said above in both languages; what the proxy does (W008, http turned into https); what
# would bind other sites of the same domain (W005, W021).
SAID_ABOVE = {f"security.W0{number}" for number in ("04", "05", "08", "09", "12", "16", "18", "21")}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend."""

    id: str
    what: Text
    mend: Text


def problems(home: Path) -> list[Problem]:
    """Return what is wrong with an installation whose site was begun (`serving.begin`); nothing where all is well."""
    parts = (
        _settings(), _files(home), _accounts(), _database(), _room(home), _index(home), _record(), _backup(home),
        _django(),
    )  # fmt: skip
    return [one for part in parts for one in part]


def _settings() -> Iterator[Problem]:
    from django.conf import settings

    if settings.DEBUG:
        yield Problem(
            "baophu.debug",
            Text("Trang đang ở chế độ gỡ lỗi: lỗi hiện cả dữ liệu.", "The site is being debugged: errors show data."),
            Text("Bỏ DEBUG trong cài đặt.", "Take DEBUG out of the settings."),
        )
    if not settings.SECURE:
        yield Problem(
            "baophu.cookies",
            Text(
                "Cookie được gửi cả khi không có TLS; chỉ dùng được trên máy này.",
                "Cookies go without TLS too; that will do on this machine alone.",
            ),
            Text("Đặt BAOPHU_SECURE=1, sau một proxy có TLS.", "Set BAOPHU_SECURE=1, behind a proxy that speaks TLS."),
        )
    if "*" in settings.ALLOWED_HOSTS or "" in settings.ALLOWED_HOSTS:
        yield Problem(
            "baophu.hosts",
            Text("Trang nhận mọi tên máy.", "The site answers to any name."),
            Text("Đặt BAOPHU_HOSTS là tên của trang.", "Set BAOPHU_HOSTS to the site's own name."),
        )


def _files(home: Path) -> Iterator[Problem]:
    if stat.S_IMODE(home.stat().st_mode) & 0o077:
        yield Problem(
            "baophu.home",
            Text(f"Người khác đọc được {home}.", f"Others can read {home}."),
            Text(f"chmod 700 {home}", f"chmod 700 {home}"),
        )
    key = home / "site" / "secret.key"
    if not key.exists() or len(key.read_text(encoding="ascii").strip()) < KEY_LENGTH:
        yield Problem(
            "baophu.secret",
            Text(f"Khóa ký {key} không có hoặc quá ngắn.", f"The signing key {key} is missing or too short."),
            Text(
                "Xóa tệp; khóa mới được tạo khi khởi động, mọi người phải đăng nhập lại.",
                "Delete it: a new one is made at the start, and everybody signs in again.",
            ),
        )
    elif stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Problem(
            "baophu.secret",
            Text(f"Người khác đọc được khóa ký {key}.", f"Others can read the signing key {key}."),
            Text(f"chmod 600 {key}", f"chmod 600 {key}"),
        )


def _accounts() -> Iterator[Problem]:
    from baophu.web.accounts.models import Grant, User

    demo = User.objects.filter(is_demo=True, is_active=True).count()
    if demo:
        yield Problem(
            "baophu.demo",
            Text(
                f"Còn {demo} tài khoản mẫu, ai cũng biết mật khẩu.",
                f"{demo} demo accounts exist, whose password everybody knows.",
            ),
            Text("baophu admin remove-demo", "baophu admin remove-demo"),
        )
    held = Grant.objects.all().holding().filter(user__is_active=True, user__is_demo=False)
    for role, words in NEEDED.items():
        if not held.filter(role=role).exists():
            yield Problem(
                f"baophu.{role}",
                Text(f"Chưa có tài khoản {words.vi}.", f"There is no {words.en} yet."),
                Text(
                    f"baophu admin create-user … --role {role}",
                    f"baophu admin create-user … --role {role}",
                ),
            )


def _database() -> Iterator[Problem]:
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    host = str(connection.settings_dict["HOST"] or "")
    if host.startswith("/") or host in ("", "localhost", "127.0.0.1", "::1"):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        found = cursor.fetchone()
    if not found or not found[0]:
        yield Problem(
            "baophu.database",
            Text(
                f"Đường tới cơ sở dữ liệu ở {host} không mã hóa.",
                f"The way to the database at {host} is not encrypted.",
            ),
            Text("Thêm ?sslmode=verify-full vào BAOPHU_DATABASE.", "Add ?sslmode=verify-full to BAOPHU_DATABASE."),
        )


def _room(home: Path) -> Iterator[Problem]:
    disk = shutil.disk_usage(home)
    if disk.free < ROOM or disk.free < disk.total * ROOM_SHARE:
        left = disk.free // 2**20
        yield Problem(
            "baophu.disk",
            Text(f"Đĩa chỉ còn {count(left, 'vi')} MiB.", f"Only {count(left, 'en')} MiB of the disk are left."),
            Text(
                "Cần chỗ cho lần chạy và chỉ mục tiếp theo: thêm đĩa hoặc xóa lần chạy cũ.",
                "The next run and index need room: add a disk or delete old runs.",
            ),
        )


def _index(home: Path) -> Iterator[Problem]:
    from baophu.results import store
    from baophu.web.index import index_file
    from baophu.web.reading import newest_indexed

    runs = store.runs(home)
    newest = newest_indexed(home)
    if newest is None or (runs and not index_file(home, max(runs, key=lambda run: (run.month, run.run))).exists()):
        yield Problem(
            "baophu.index",
            Text("Trang chưa có số liệu của lần chạy mới nhất.", "The pages lack the newest run's figures."),
            Text("baophu run --month …; baophu admin index", "baophu run --month …; baophu admin index"),
        )
    elif date.today() - newest.as_of > timedelta(INDEX_DAYS):
        yield Problem(
            "baophu.index",
            Text(
                f"Số liệu của trang là đến ngày {newest.as_of:%d/%m/%Y}.",
                f"The pages' figures are as of {newest.as_of}.",
            ),
            Text("Nạp dữ liệu và chạy tháng mới.", "Load the registers and run the new month."),
        )


def _record() -> Iterator[Problem]:
    from baophu.desk.audit import first_broken

    broken = first_broken()
    if broken is not None:
        yield Problem(
            "baophu.audit",
            Text(
                f"Nhật ký bị sửa hoặc thiếu từ mục {broken}.", f"The audit record was changed or has a gap at {broken}."
            ),
            Text(
                "Dừng trang, giữ nguyên cơ sở dữ liệu làm chứng cứ, so với bản sao lưu gần nhất.",
                "Stop the site, keep the database as evidence, and compare the last backup.",
            ),
        )


def _backup(home: Path) -> Iterator[Problem]:
    from baophu.desk.backup import made

    notes = made(home)
    if not notes or datetime.now(UTC) - notes[-1][0] > timedelta(BACKUP_DAYS):
        yield Problem(
            "baophu.backup",
            Text(f"Chưa sao lưu trong {BACKUP_DAYS} ngày qua.", f"No backup was made in the last {BACKUP_DAYS} days."),
            Text("baophu backup TỆP --key KHÓA", "baophu backup FILE --key KEY"),
        )


def _django() -> Iterator[Problem]:
    from django.core.checks import WARNING, run_checks

    for one in run_checks(include_deployment_checks=True):
        if one.level >= WARNING and one.id not in SAID_ABOVE:
            yield Problem(str(one.id), Text(one.msg, one.msg), Text(one.hint or "", one.hint or ""))
