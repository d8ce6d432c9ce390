"""What can be done with exports: one function a deed, each with a record of who did it.

A list of more than PERSONS_UNAPPROVED people waits until somebody else approves it who may approve in its area. Rights
are checked when it is asked for, again when it is made, and again when its file is fetched.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from baophu.core.errors import BaophuError
from baophu.core.home import PART, SITE_INDEX
from baophu.core.languages import Language, Text
from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
from baophu.registers.store import names_nobody
from baophu.results.masking import masked_value
from baophu.results.store import Manifest
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope, scope_of
from baophu.web.exports.lists import LISTS
from baophu.web.exports.models import Export, FirstPages, Problem, State
from baophu.web.exports.sheets import Book, Form

# Answered at once up to here; longer lists are prepared in the background.
ROWS_AT_ONCE = 5_000
# More people than these in one list need the approval of a second person (issue of the site, part 4).
PERSONS_UNAPPROVED = 1_000
# How many of one person's may wait or be prepared.
MOST_AT_A_TIME = 10
# A program without the right to take lists away opens so many a day; one that reads, area by area, what it needs is
# below this, one that gathers the country's 3,321 communes is not.
FIRST_PAGES_A_DAY = 200
# A worker that is not heard of for so long has ended, whatever its machine says.
SILENT = timedelta(minutes=5)
# After that, only the record knows of a list that was taken away.
REMEMBERED = timedelta(days=90)
PENDING = (State.WAITING, State.QUEUED, State.WORKING)
_ACTION = AuditRecord.Action
# What the record calls a list of one thing: as where that thing is opened, so that its openings are found together.
_ONE_THING = {"person": "person_key", "employer": "employer_id"}


def folder(home: Path) -> Path:
    """Return where files are kept until they expire: with the index, so that a purge of a person takes them too."""
    return home / SITE_INDEX / "exports"


def file_of(export: Export, home: Path) -> Path:
    """Return the place of an export's file. It need not exist."""
    return folder(home) / f"{export.pk}.{export.form}"


def at_once(book: Book) -> bool:
    """Tell whether a list is short enough to be answered at once, and needs no approval."""
    return book.rows <= ROWS_AT_ONCE and not needs_approval(book.people)


def needs_approval(people: int) -> bool:
    """Tell whether a list of so many people waits for a second person."""
    return people > PERSONS_UNAPPROVED


def note_taken(
    *, user: User, page: str, where: dict[str, str], filters: dict[str, str], book: Book, form: str, purpose: str
) -> None:
    """Record that a list was taken away at once; before it is given out."""
    detail = {
        "area_code": book.area, "page": page, **_said(where, filters), "as": form, "rows": book.rows,
        "people": book.people, "run": book.run.run if book.run else "", "revealed": book.revealed, "purpose": purpose,
    }  # fmt: skip
    subject = _subject(page, where)
    record(user.username, _ACTION.EXPORT, subject, detail)
    if book.revealed:
        record(user.username, _ACTION.REVEAL, subject, detail)


def note_paged(
    *, user: User, page: str, area_code: str, filters: dict[str, str], rows: int, run: Manifest, token: int | None
) -> None:
    """Record that a program took a further page of a list, by which key; before it is given out."""
    detail: dict[str, object] = {
        "area_code": area_code, "page": page, **_said({}, filters), "as": "api", "rows": rows, "run": run.run,
    }  # fmt: skip
    by = {"token": token} if token is not None else {}
    record(user.username, _ACTION.EXPORT, f"list:{page}", {**detail, **by})


@transaction.atomic
def note_first_page(
    *, user: User, page: str, area_code: str, filters: dict[str, str], rows: int, run: Manifest, token: int | None
) -> bool:
    """Count and record that a program opened a list that it may not take away, before it is given out.

    Return whether it may: FIRST_PAGES_A_DAY a day are opened with all keys of one person, so that the first pages of
    all areas cannot be gathered one by one. That he came to the end of them is recorded once.
    """
    today = timezone.localdate()
    count, _ = FirstPages.objects.select_for_update().get_or_create(user=user, day=today)
    if count.opened > FIRST_PAGES_A_DAY:
        return False
    count.opened += 1
    count.save(update_fields=["opened"])
    FirstPages.objects.filter(user=user, day__lt=today).delete()
    allowed = count.opened <= FIRST_PAGES_A_DAY
    detail: dict[str, object] = {
        "area_code": area_code, "page": page, **_said({}, filters), "as": "api", "run": run.run,
    }  # fmt: skip
    detail |= {"rows": rows} if allowed else {"refused_after": FIRST_PAGES_A_DAY}
    record(user.username, _ACTION.OPEN_LIST, f"list:{page}", detail | ({"token": token} if token else {}))
    return allowed


def note_shown(*, user: User, page: str, where: dict[str, str], book: Book) -> None:
    """Record that somebody looks at what he might take away, where that tells of one person."""
    if page == "person":
        record(user.username, _ACTION.OPEN_PERSON, _subject(page, where), {"area_code": book.area})


def _subject(page: str, where: dict[str, str]) -> str:
    return f"{page}:{where[_ONE_THING[page]]}" if page in _ONE_THING else f"list:{page}"


def _said(where: dict[str, str], filters: dict[str, str]) -> dict[str, str]:
    """Return arguments and filters as the record may hold them: keys and codes as they are, words without numbers."""
    return {**where, **{name: str(masked_value("filter", value)) for name, value in filters.items() if value}}


@transaction.atomic
def ask(
    *,
    user: User,
    page: str,
    where: dict[str, str],
    filters: dict[str, str],
    book: Book,
    run: Manifest,
    form: Form,
    language: Language,
    purpose: str = "",
) -> Export:
    """Ask for a list that is prepared in the background, from the figures of a run.

    BaophuError where too many wait already, or a filter holds somebody's number.
    """
    if Export.objects.filter(user=user, state__in=PENDING).count() >= MOST_AT_A_TIME:
        raise BaophuError(
            Text(
                f"Bạn đang có {MOST_AT_A_TIME} danh sách chờ chuẩn bị hoặc chờ duyệt.",
                f"{MOST_AT_A_TIME} lists of yours are waiting already.",
            ),
            Text("Đợi các danh sách đó xong, hoặc bỏ bớt.", "Wait until they are done, or withdraw some."),
        )
    if not all(names_nobody(value) for value in filters.values()):
        raise BaophuError(
            Text("Bộ lọc có số có thể là của một người.", "A filter holds a number that may be somebody's."),
            Text("Bỏ số khỏi bộ lọc rồi tải lại.", "Leave the number out and ask again."),
        )
    made = Export.objects.create(
        user=user, page=page, where=where, filters=filters, title=book.title[:200], area_code=book.area,
        run=run.run, month=run.month, form=form, language=language, revealed=book.revealed,
        sensitive=scope_of(user).sees(book.area, Right.SENSITIVE), purpose=purpose, rows=book.rows, people=book.people,
        state=State.WAITING if needs_approval(book.people) else State.QUEUED,
    )  # fmt: skip
    detail = {
        "area_code": book.area, "page": page, **_said(where, filters), "as": form, "rows": book.rows,
        "people": book.people, "run": run.run, "revealed": book.revealed, "purpose": purpose,
    }  # fmt: skip
    record(user.username, _ACTION.ASK_EXPORT, str(made), detail)
    if made.state == State.QUEUED:
        _enqueue(made)
    return made


def _enqueue(export: Export) -> None:
    from baophu.web.exports.tasks import prepare

    prepare.enqueue(str(export.pk))


def may_decide(user: User, export: Export) -> bool:
    """Tell whether somebody may approve or refuse: with the right on its area, and never his own."""
    return export.user_id != user.pk and scope_of(user).sees(export.area_code, Right.APPROVE)


def waiting_for(user: User) -> list[Export]:
    """Return what somebody may approve, what has waited longest first."""
    if not scope_of(user).may(Right.APPROVE):
        return []
    waiting = Export.objects.filter(state=State.WAITING).select_related("user").order_by("asked_at")
    return [one for one in waiting if may_decide(user, one)]


@transaction.atomic
def decide(*, user: User, export: Export, approved: bool, reason: str) -> None:
    """Approve or refuse. PermissionDenied where he may not; BaophuError where it no longer waits."""
    found = Export.objects.select_for_update().get(pk=export.pk)
    if not may_decide(user, found):
        raise PermissionDenied
    if found.state != State.WAITING:
        raise _too_late(found)
    found.state = State.QUEUED if approved else State.REFUSED
    found.decided_by, found.decided_at, found.reason = user.username, timezone.now(), reason
    found.fetched_at = None
    found.save()
    detail = {"area_code": found.area_code, "rows": found.rows, "for": found.user.username, "reason": reason}
    record(user.username, _ACTION.APPROVE_EXPORT if approved else _ACTION.REFUSE_EXPORT, str(found), detail)
    if approved:
        _enqueue(found)


@transaction.atomic
def again(*, user: User, export: Export) -> None:
    """Prepare once more what failed. What was approved stays approved: it is the same list of the same run.

    BaophuError where it did not fail.
    """
    found = Export.objects.select_for_update().get(pk=export.pk, user=user)
    if found.state != State.FAILED:
        raise _too_late(found)
    found.state, found.problem, found.done = State.QUEUED, "", 0
    found.save()
    record(user.username, _ACTION.ASK_EXPORT, str(found), {"again": True, "area_code": found.area_code})
    _enqueue(found)


@transaction.atomic
def withdraw(*, user: User, export: Export, home: Path) -> None:
    """Give up a list of one's own and destroy its file; the record keeps that it was asked for.

    BaophuError where there is nothing to give up: it is being prepared, or its end was told already.
    """
    found = Export.objects.select_for_update().get(pk=export.pk, user=user)
    if found.state not in (State.WAITING, State.QUEUED, State.READY):
        raise _too_late(found)
    file_of(found, home).unlink(missing_ok=True)
    found.state, found.expires_at = State.EXPIRED, timezone.now()
    found.save()


def _too_late(export: Export) -> BaophuError:
    """Return what whoever acts on what has changed meanwhile is told."""
    with override("vi"):
        vi = str(export.get_state_display())
    with override("en"):
        en = str(export.get_state_display())
    return BaophuError(
        Text(
            f"Danh sách này nay {vi}: không có gì thay đổi theo yêu cầu vừa rồi.",
            f"This list has moved on ({en}): nothing was done.",
        ),
        Text("Xem lại danh sách trên trang này.", "Look at it again on this page."),
    )


def still_holds(scope: Scope, export: Export) -> bool:
    """Tell whether somebody's rights still open what he asked for."""
    needed = [LISTS[export.page].right]
    needed += [Right.REVEAL] if export.revealed else []
    needed += [Right.SENSITIVE] if export.sensitive else []
    return all(scope.sees(export.area_code, right) for right in needed)


def fetch(*, user: User, export: Export, home: Path) -> Path:
    """Return the file of one's own export and record it. PermissionDenied where the rights no longer hold.

    FileNotFoundError where it is not ready, has expired, or a purge destroyed it.
    """
    if export.user_id != user.pk or not still_holds(scope_of(user), export):
        raise PermissionDenied
    path = file_of(export, home)
    if export.state != State.READY or export.expires_at is None or export.expires_at <= timezone.now():
        raise FileNotFoundError
    if not path.exists():
        Export.objects.filter(pk=export.pk).update(state=State.FAILED, problem=Problem.GONE)
        raise FileNotFoundError
    with transaction.atomic():
        record(
            user.username, _ACTION.FETCH_EXPORT, str(export),
            {"area_code": export.area_code, "rows": export.rows, "as": export.form, "revealed": export.revealed},
        )  # fmt: skip
        if export.revealed:
            detail = {"area_code": export.area_code, "rows": export.rows, "purpose": export.purpose}
            record(user.username, _ACTION.REVEAL, str(export), detail)
        Export.objects.filter(pk=export.pk).update(fetched_at=timezone.now())
    return path


def notices(user: User) -> int:
    """Count what somebody should look at: his lists that became ready, failed or were refused; what he may approve."""
    news = (State.READY, State.FAILED, State.REFUSED)
    return Export.objects.filter(user=user, state__in=news, fetched_at=None).count() + len(waiting_for(user))


def this_worker() -> str:
    """Name this process on this machine."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def give_up_lost(now: datetime | None = None) -> int:
    """Mark as failed what a worker began that has ended since; return how many."""
    at = now or timezone.now()
    lost = [one for one in Export.objects.filter(state=State.WORKING) if _is_lost(one, at)]
    ids = [one.pk for one in lost]
    return Export.objects.filter(pk__in=ids, state=State.WORKING).update(state=State.FAILED, problem=Problem.STOPPED)


def _is_lost(export: Export, at: datetime) -> bool:
    if export.seen_at is None or export.seen_at < at - SILENT:
        return True
    host, _, process = export.worker.rpartition(":")
    if host != socket.gethostname()[:60] or not process.isdecimal() or int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def remove_expired(home: Path, now: datetime | None = None) -> int:
    """Destroy the files whose time is over, and those that belong to nothing; return how many exports expired.

    What ended long ago is forgotten.
    """
    at = now or timezone.now()
    over = list(Export.objects.filter(state=State.READY, expires_at__lte=at))
    for one in over:
        file_of(one, home).unlink(missing_ok=True)
    kept = {
        f"{pk}" for pk in Export.objects.filter(state__in=(State.READY, State.WORKING)).values_list("pk", flat=True)
    }
    for path in _files(home):
        if path.name.startswith(PART):
            # What is half written belongs to a process that may still live, but not for a day.
            if path.stat().st_mtime < (at - timedelta(days=1)).timestamp():
                path.unlink() if path.is_file() else shutil.rmtree(path)
        elif path.stem not in kept:
            path.unlink(missing_ok=True)
    ended = (State.EXPIRED, State.REFUSED, State.FAILED)
    Export.objects.filter(state__in=ended, asked_at__lt=at - REMEMBERED).delete()
    return Export.objects.filter(pk__in=[one.pk for one in over]).update(state=State.EXPIRED)


def _files(home: Path) -> Iterable[Path]:
    place = folder(home)
    return list(place.iterdir()) if place.exists() else []


def kept_until(now: datetime) -> datetime:
    """Return until when a file is kept that is ready now."""
    return now + timedelta(days=settings.EXPORT_DAYS)
