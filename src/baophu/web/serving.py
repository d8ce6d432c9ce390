"""Serving the site: the database brought up to date, the styles gathered, the server started."""

from __future__ import annotations

import ipaddress
import os
import shutil
from pathlib import Path
from typing import Any

from baophu.core.errors import BaophuError
from baophu.core.home import HOME_VARIABLE, make_home
from baophu.core.languages import Text

SETTINGS = "baophu.web.settings"
LOOPBACK = "127.0.0.1"


def begin(home: Path) -> None:
    """Start Django with the site's settings, make its tables and gather its styles. Calling it again does no harm."""
    from django.core.management import call_command

    from baophu.desk.start import start
    from baophu.desk.store import told_clearly

    make_home(home)
    os.environ[HOME_VARIABLE] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    start(home)
    with told_clearly(home):
        call_command("collectstatic", verbosity=0, interactive=False, clear=False)


def serve(home: Path, address: str, port: int, workers: int) -> None:
    """Serve until stopped. BaophuError where demo accounts exist and the address is not this machine's own."""
    from django.conf import settings
    from granian.constants import Interfaces
    from granian.server import Server

    from baophu.web.exports.working import working

    begin(home)
    # A proxy on this machine may pass on what comes under other names.
    for host in (address, *settings.ALLOWED_HOSTS):
        refuse_demo(host)
    _count_together(home)
    os.environ.setdefault("BAOPHU_SECURE", "0" if is_loopback(address) else "1")
    server = Server(
        "baophu.web.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
        **_quiet(),
    )
    # Lists that are taken away are prepared by a process of their own, beside those that answer.
    with working(home):
        server.serve()


def _count_together(home: Path) -> None:
    """Let the server's processes count for `/metrics` in one place. What was counted before is gone."""
    place = home / "site" / "metrics"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(place)


def _quiet() -> dict[str, Any]:
    # The address of a page may hold what was searched for, so no access log is kept by the server.
    return {"log_level": "warning"}


def refuse_demo(address: str) -> None:
    """Refuse to show demo accounts, whose password everybody knows, beyond this machine."""
    from baophu.web.accounts.models import User

    if not is_loopback(address) and User.objects.filter(is_demo=True, is_active=True).exists():
        raise BaophuError(
            Text(
                f"Kho này có tài khoản mẫu, ai cũng biết mật khẩu, nên không phục vụ ở địa chỉ {address}.",
                f"This home has demo accounts, whose password everybody knows: it is not served at {address}.",
            ),
            Text(
                "Xóa chúng bằng `baophu admin remove-demo`, hoặc chỉ phục vụ ở 127.0.0.1.",
                "Remove them with `baophu admin remove-demo`, or serve at 127.0.0.1 only.",
            ),
        )


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own, which no other can reach."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
