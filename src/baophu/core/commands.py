"""What a command takes from the program's own options, `--lang` and `--home`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from baophu.core.home import home
from baophu.core.languages import Language

if TYPE_CHECKING:
    import typer


class Settings(Protocol):
    """The program's own options, as they stand in a command's context."""

    @property
    def lang(self) -> Language:
        """The language of the interface."""

    @property
    def home(self) -> Path | None:
        """The home folder that was asked for; None where none was."""


def settings_of(context: typer.Context) -> Settings:
    """Return the program's own options."""
    found: Settings = context.obj
    return found


def lang_of(context: typer.Context) -> Language:
    """Return the language of the interface."""
    return settings_of(context).lang


def home_of(context: typer.Context) -> Path:
    """Return the home folder: the one that was asked for, else as `core.home` finds it. It need not exist."""
    return home(settings_of(context).home)
