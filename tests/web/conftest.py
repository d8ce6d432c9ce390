"""The site's tests: a process of their own, since Django is set up once and the desk's tests set it up otherwise.

    pytest -m web tests/web

Each test has a desk of its own (a SQLite file, copied from one that was migrated once); all read one small run that
was written by hand (`site_by_hand`). Those marked `postgres` pass on a PostgreSQL too, which is emptied before each:

    BAOPHU_DATABASE=postgresql://… pytest -m "postgres and not sqlite" tests/web
"""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import mkdtemp

import pytest
from pytest_django import DjangoDbBlocker

from desks import emptied

HERE = Path(__file__).parent
SETTINGS = "baophu.web.settings"
# Of what the site keeps in its database these ask most; the others read the index.
ON_POSTGRES = {
    "test_api_keys",
    "test_ops_desk",
    "test_ops_privacy",
    "test_web_comments",
    "test_web_guards",
    "test_web_outcomes",
    "test_web_safety",
    "test_web_scope",
    "test_web_sign_in",
}
REASON = "the site's tests are a process of their own: pytest -m web tests/web"


def _is_set_up_otherwise() -> bool:
    from django.conf import settings

    return settings.configured and settings.ROOT_URLCONF != "baophu.web.urls"


ELSEWHERE = _is_set_up_otherwise()
if not ELSEWHERE:
    HOME = Path(mkdtemp(prefix="baophu-web-"))
    atexit.register(shutil.rmtree, HOME, ignore_errors=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ["BAOPHU_HOME"] = str(HOME)
    import django

    django.setup()
    # Not for the processes that share the tests: they would be set up with this one's home before they have their own.
    del os.environ["DJANGO_SETTINGS_MODULE"]


class NotHere(pytest.Module):
    """A file of these tests in a process that set up Django for others."""

    def collect(self) -> list[pytest.Item]:
        pytest.skip(REASON)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    return NotHere.from_parent(parent, path=module_path) if ELSEWHERE else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.web)
            if item.path.stem in ON_POSTGRES:
                item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def migrated(django_db_blocker: DjangoDbBlocker | None) -> Iterator[Path]:
    """The desk's file with all tables and nobody in it, the styles gathered, the small run in the home."""
    from django.db import connection
    from site_by_hand import write_run

    from baophu.desk.database import postgresql
    from baophu.desk.store import desk_file
    from baophu.targets.snapshot import imported_targets
    from baophu.web.serving import begin

    with django_db_blocker.unblock() if django_db_blocker else nullcontext():
        begin(HOME)
        write_run(HOME)
        # Frozen once, here: it would open the home's own desk in the middle of a test.
        imported_targets(HOME)
        connection.close()
        empty = HOME / "empty.sqlite3"
        if not postgresql():
            shutil.copy(desk_file(HOME), empty)
        yield empty
        connection.close()


@pytest.fixture
def home(migrated: Path, tmp_path: Path) -> Iterator[Path]:
    """The home with its run, and a desk of the test's own, which is empty."""
    from django.core.cache import caches
    from django.db import connection

    from baophu.web.keeping import SHELF

    connection.close()
    if migrated.exists():
        connection.settings_dict["NAME"] = shutil.copy(migrated, tmp_path / "desk.sqlite3")
    emptied()
    for one in caches.all():
        one.clear()
    SHELF.clear()
    yield HOME
    connection.close()


@pytest.fixture
def make_user(home: Path) -> Callable[..., object]:
    """Make somebody with a role on an area: `make_user("commune", "26734")`; without a password unless one is given."""
    from baophu.web.accounts import actions

    def make(role: str | None = None, area: str = "00", *, name: str = "", password: str | None = None, **more: object):  # type: ignore[no-untyped-def]
        username = name or f"{role or 'nobody'}-{area}"
        user = actions.create_user(actor="test", username=username, full_name=f"Somebody {username}", password=password)
        user.must_change_password = False
        user.save()
        if role is not None:
            actions.grant(actor="test", user=user, role=role, area_code=area, **more)  # type: ignore[arg-type]
        return user

    return make


@pytest.fixture
def signed_in(make_user: Callable[..., object]) -> Callable[..., object]:
    """Return a browser in which somebody has signed in, with his code where his role asks for one."""
    from browsers import browser_of

    return lambda role=None, area="00", **more: browser_of(make_user(role, area, **more))
