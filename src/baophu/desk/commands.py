"""The commands that keep a home safe: backup, restore, and the key for both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baophu.core import home as homes
from baophu.core.commands import Settings, settings_of
from baophu.core.languages import Text

KeyOption = Annotated[Path, typer.Option("--key", help="Tệp khóa, giữ riêng / the key file, kept apart")]


def backup_key(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="TỆP|FILE", help="Tệp khóa sẽ tạo / the key file to make")],
) -> None:
    """Tạo khóa sao lưu. / Make a key for backups."""
    from baophu.desk.backup import new_key

    settings = settings_of(context)
    public = new_key(file)
    _tell(
        settings,
        Text(
            f"Đã tạo khóa {file} ({public}). Giữ tệp này ở nơi khác với bản sao lưu; mất khóa là không mở lại được.",
            f"Key made: {file} ({public}). Keep it apart from the backups; without it none can be opened.",
        ),
    )


def backup(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="TỆP|FILE", help="Tệp sao lưu sẽ ghi / the backup to write")],
    key: KeyOption,
) -> None:
    """Sao lưu kho và bàn làm việc, có mã hóa. / Back up warehouse and desk together, encrypted."""
    from baophu.desk import backup as backups

    settings = settings_of(context)
    kept = backups.backup(homes.home(settings.home), out, key)
    _tell(
        settings,
        Text(
            f"Đã sao lưu {kept.files} tệp ({kept.size / 1e6:.1f} MB) vào {out}.",
            f"Backed up: {kept.files} files ({kept.size / 1e6:.1f} MB) into {out}.",
        ),
    )


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="TỆP|FILE", help="Bản sao lưu / the backup")],
    key: KeyOption,
) -> None:
    """Khôi phục bản sao lưu vào thư mục dữ liệu còn trống. / Bring a backup back into an empty home folder."""
    from baophu.desk import backup as backups

    settings = settings_of(context)
    home = homes.home(settings.home)
    kept = backups.restore(file, home, key)
    _tell(
        settings,
        Text(
            f"Đã khôi phục {kept.files} tệp ({kept.size / 1e6:.1f} MB) vào {home}.",
            f"Restored: {kept.files} files ({kept.size / 1e6:.1f} MB) into {home}.",
        ),
    )
    # A backup brings back whoever was purged since it was made.
    warning = Text(
        "CHÚ Ý: dữ liệu đã hủy sau ngày sao lưu nay có lại. Hủy lại theo biên bản của kho cũ trước khi dùng:\n"
        f"  baophu --home {home} registers purge --reapply KHO_CŨ",
        "MIND: what was purged after this backup is there again. Before use, purge it again by the other home's "
        f"tombstones:\n  baophu --home {home} registers purge --reapply OTHER_HOME",
    )
    typer.echo(warning.say(settings.lang), err=True)


def _tell(settings: Settings, words: Text) -> None:
    typer.echo(words.say(settings.lang))
