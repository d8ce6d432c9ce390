"""Preparing a list in the background (django-tasks): whatever happens, the export says how it ended."""

from __future__ import annotations

import errno
import logging
import time
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation
from django_tasks import task

from baophu.core.errors import BaophuError
from baophu.core.home import NotWritten, make_home
from baophu.core.languages import Language
from baophu.registers import tombstones
from baophu.results import store
from baophu.results.masking import masked_value
from baophu.web.accounts.models import User
from baophu.web.accounts.scope import scope_of
from baophu.web.exports import actions
from baophu.web.exports.lists import LISTS
from baophu.web.exports.models import Export, Problem, State
from baophu.web.exports.sheets import Form
from baophu.web.exports.taking import Taker
from baophu.web.exports.writing import Told, write
from baophu.web.index import index_file
from baophu.web.reading import NothingIndexed

log = logging.getLogger(__name__)
_HEARD_EVERY = 1.0
# What the system says where nothing can be written: a full disk, a full share of it, one that may only be read.
_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_LONGEST = 500


@task()
def prepare(export_id: str) -> None:
    """Prepare the file of an export that is in the queue. It never fails: the export itself says what went wrong."""
    begun = Export.objects.filter(pk=export_id, state=State.QUEUED).update(
        state=State.WORKING, done=0, problem="", worker=actions.this_worker(), seen_at=timezone.now()
    )
    if not begun:
        return
    export = Export.objects.select_related("user").get(pk=export_id)
    problem: Problem | None = Problem.STOPPED
    words = ""
    try:
        # A purge waits, since what it destroys must not come back with a file that was begun before.
        with tombstones.held(settings.HOME, shared=True), translation.override(export.language):
            _make(export, settings.HOME)
        problem = None
    except PermissionDenied:
        problem = Problem.RIGHTS
    except NothingIndexed:
        problem = Problem.RUN
    except NotWritten:
        problem = Problem.DISK
    except BaophuError as error:
        problem, words = Problem.SAID, error.say(_language(export))
    except Exception as error:
        problem = Problem.DISK if isinstance(error, OSError) and error.errno in _UNWRITABLE else Problem.PROGRAM
        if problem == Problem.PROGRAM:
            log.exception("an export failed")
    finally:
        # Also where the process is told to stop.
        if problem is not None:
            _end(export, State.FAILED, problem=problem, problem_words=str(masked_value("filter", words))[:_LONGEST])


def _make(export: Export, home: Path) -> None:
    scope = scope_of(User.objects.get(pk=export.user_id))
    if not actions.still_holds(scope, export):
        raise PermissionDenied
    try:
        run = store.find(home, export.run)
    except BaophuError:
        raise NothingIndexed from None
    if not index_file(home, run).exists():
        raise NothingIndexed
    lang = _language(export)
    taker = Taker(home, run, scope, lang, export.revealed, actions.PERSONS_UNAPPROVED)
    book = LISTS[export.page].book(taker, export.where, export.filters)
    if book is None:
        raise PermissionDenied
    path = actions.file_of(export, home)
    make_home(path.parent)
    told = Told(lang, export.user.full_name, timezone.now(), export.purpose)
    write(book, told, path, cast(Form, export.form), _Heard(export))
    path.chmod(0o600)
    now = timezone.now()
    _end(
        export, State.READY, rows=book.rows, done=book.rows, size=path.stat().st_size, ready_at=now, fetched_at=None,
        expires_at=actions.kept_until(now),
    )  # fmt: skip


def _language(export: Export) -> Language:
    return "en" if export.language == "en" else "vi"


def _end(export: Export, state: State, **values: object) -> None:
    """Say how it ended, unless it was given up as lost meanwhile."""
    Export.objects.filter(pk=export.pk, state=State.WORKING).update(state=state, **values)


class _Heard:
    """Says how far it is, at most once a second."""

    def __init__(self, export: Export) -> None:
        self._export, self._last = export, 0.0

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now - self._last >= _HEARD_EVERY:
            self._last = now
            Export.objects.filter(pk=self._export.pk).update(done=done, seen_at=timezone.now())
