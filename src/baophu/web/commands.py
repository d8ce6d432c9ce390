"""`baophu serve` and `baophu admin`."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from baophu.core import home as homes
from baophu.core.commands import home_of, lang_of, settings_of
from baophu.core.languages import Language, Text
from baophu.core.terminal import print_table

app = typer.Typer(no_args_is_help=True, help="Quản trị trang: tài khoản, kiểm tra. / Administer the site.")
PASSWORD_VARIABLE = "BAOPHU_NEW_PASSWORD"  # noqa: S105 (the name of a variable)


def _begin(context: typer.Context) -> tuple[Path, Language]:
    from baophu.web.serving import begin

    settings = settings_of(context)
    home = homes.home(settings.home)
    begin(home)
    return home, settings.lang


def serve(
    context: typer.Context,
    address: Annotated[str, typer.Option(help="Địa chỉ phục vụ / the address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Cổng / the port")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Số tiến trình / processes")] = 2,
    demo: Annotated[bool, typer.Option("--demo", help="Tạo tài khoản mẫu / make demo accounts")] = False,
    demo_area: Annotated[
        str | None, typer.Option(help="Xã của tài khoản mẫu / the commune of the demo accounts")
    ] = None,
) -> None:
    """Mở trang cho trình duyệt. / Serve the site."""
    from baophu.web.serving import is_loopback
    from baophu.web.serving import serve as start

    home, lang = _begin(context)
    _index(home, lang)
    if demo:
        _demo(lang, demo_area)
    shown = address if not is_loopback(address) else "127.0.0.1"
    typer.echo(
        Text(f"Mở http://{shown}:{port} (Ctrl+C để dừng)", f"Open http://{shown}:{port} (Ctrl+C to stop)").say(lang)
    )
    start(home, address, port, workers)


def _index(home: Path, lang: Language) -> int:
    """Prepare for the pages what the newest runs gave, telling which."""
    from baophu.web.index import bring_up_to_date

    return bring_up_to_date(
        home,
        tell=lambda run: typer.echo(
            Text(
                f"Đang chuẩn bị số liệu tháng {run.month:%m/%Y} cho trang …",
                f"Preparing the figures of {run.month:%Y-%m} for the pages …",
            ).say(lang)
        ),
    )


def index_after_run(home: Path, lang: Language) -> None:
    """Prepare a new run for the pages, where the home has a site."""
    if (home / "site").exists():
        _index(home, lang)


def _demo(lang: Language, area: str | None) -> None:
    from baophu.areas.units import tree
    from baophu.web.demo import PASSWORD, make_demo_accounts

    commune = tree().get(area) if area else tree().children("79")[0]
    accounts = make_demo_accounts(str(commune.parent), commune.code, lang)
    print_table(
        lang,
        (Text("Tên đăng nhập", "User name"), Text("Là ai", "Who"), Text("Mật khẩu", "Password")),
        [(one.username, one.name.say(lang), PASSWORD) for one in accounts],
    )


@app.command("create-user")
def create_user(
    context: typer.Context,
    username: Annotated[str, typer.Argument(help="Tên đăng nhập / user name")],
    name: Annotated[str, typer.Option("--name", help="Họ và tên / full name")],
    role: Annotated[str, typer.Option(help="Vai trò / role: national, provincial, commune, manager, …")],
    area: Annotated[str, typer.Option(help="Mã hoặc tên đơn vị / code or name of an area")] = "00",
    office: Annotated[str, typer.Option(help="Cơ quan BHXH / office")] = "",
    sensitive: Annotated[
        bool, typer.Option("--sensitive", help="Được xem dân tộc, hộ nghèo, chế độ / ethnicity, poverty, benefits")
    ] = False,
) -> None:
    """Tạo tài khoản và cấp vai trò; hỏi mật khẩu. / Make an account with a role; the password is asked for.

    Mật khẩu cũng có thể đặt trong BAOPHU_NEW_PASSWORD. / It may also stand in BAOPHU_NEW_PASSWORD.
    """
    from baophu.areas.units import tree

    _, lang = _begin(context)
    from django.db import transaction

    from baophu.web.accounts import actions

    where = tree().resolve(area)
    password = os.environ.get(PASSWORD_VARIABLE) or getpass.getpass(Text("Mật khẩu: ", "Password: ").say(lang))
    actor = getpass.getuser()
    with transaction.atomic():
        user = actions.create_user(actor=actor, username=username, full_name=name, password=password, language=lang)
        actions.grant(actor=actor, user=user, role=role, area_code=where.code, office_id=office, sensitive=sensitive)
    typer.echo(Text(f"Đã tạo {username}.", f"{username} was made.").say(lang))


@app.command()
def work(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Làm hết việc đang chờ rồi dừng / do what waits, then stop")
    ] = False,
) -> None:
    """Chuẩn bị các danh sách chờ tải; serve tự làm. / Prepare the lists that wait; serve does so by itself."""
    home, _ = _begin(context)
    from baophu.web.exports.working import work as do

    do(home, once=once)


@app.command("remove-demo")
def remove_demo(context: typer.Context) -> None:
    """Đóng các tài khoản mẫu. / Close the demo accounts."""
    _, lang = _begin(context)
    from baophu.web.demo import remove_demo_accounts

    count = remove_demo_accounts(getpass.getuser())
    typer.echo(Text(f"Đã đóng {count} tài khoản mẫu.", f"{count} demo accounts were closed.").say(lang))


@app.command("migrate")
def migrate(context: typer.Context) -> None:
    """Đưa cơ sở dữ liệu lên bản mới. / Bring the database up to date."""
    _, lang = _begin(context)
    typer.echo(Text("Cơ sở dữ liệu đã ở bản mới nhất.", "The database is up to date.").say(lang))


@app.command("index")
def index(context: typer.Context) -> None:
    """Chuẩn bị số liệu của các lần chạy mới cho trang. / Prepare the newest runs for the pages.

    `baophu serve` và `baophu run` tự làm việc này. / `baophu serve` and `baophu run` do it by themselves.
    """
    home, lang = home_of(context), lang_of(context)
    count = _index(home, lang)
    typer.echo(
        Text(f"Đã chuẩn bị {count} tháng.", f"{count} months were prepared.").say(lang)
        if count
        else Text("Trang đã có số liệu mới nhất.", "The pages have the newest figures.").say(lang)
    )


@app.command("check")
def check(context: typer.Context) -> None:
    """Kiểm tra cài đặt trước khi mở cho mọi người. / Check the installation before it is opened to others.

    Mã kết thúc 2 khi có điều phải sửa. / Exit code 2 where something has to be mended.
    """
    home, lang = _begin(context)
    from baophu.web.checking import problems

    found = problems(home)
    if found:
        print_table(
            lang,
            (Text("Mã", "Id"), Text("Vấn đề", "Problem"), Text("Cách sửa", "How to mend it")),
            [(one.id, one.what.say(lang), one.mend.say(lang)) for one in found],
        )
        sys.exit(2)
    typer.echo(Text("Không có vấn đề.", "Nothing is wrong.").say(lang))
