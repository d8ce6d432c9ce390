"""Comments as pages and programs are told them: threads of a comment and its answers, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from baophu.indicators.catalogue import catalogue
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope
from baophu.web.comments.models import Comment
from baophu.web.templatetags.baophu import said

NEWEST = 5
PAGE = 30


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment, what it is on in words, and its answers, the oldest first."""

    first: Comment
    on: str
    answers: list[Comment]


def threads(comments: Iterable[Comment]) -> list[Thread]:
    """Return comments with their answers, in the order given."""
    firsts = list(comments)
    replies: dict[int, list[Comment]] = {one.pk: [] for one in firsts}
    for one in Comment.objects.filter(answers__in=firsts).order_by("id"):
        replies[one.answers_id or 0].append(one)
    return [Thread(one, _on(one), replies[one.pk]) for one in firsts]


def of_area(scope: Scope, area_code: str, size: int = NEWEST, before: int | None = None) -> list[Thread]:
    """Return the newest comments on an area and what lies below it, as far as a scope may read them."""
    found = Comment.objects.read_by(scope, area_code).filter(answers=None)
    if before is not None:
        found = found.filter(id__lt=before)
    return threads(found[:size])


def of_indicator(scope: Scope, area_code: str, indicator: str) -> list[Thread]:
    """Return the newest comments on one indicator of an area."""
    found = Comment.objects.read_by(scope, area_code).filter(area_code=area_code, indicator=indicator, answers=None)
    return threads(found[:PAGE])


def of_finding(finding_id: str) -> list[Thread]:
    """Return the newest comments on a finding; whoever calls has looked it up within a scope."""
    return threads(Comment.objects.filter(finding_id=finding_id, answers=None)[:PAGE])


def section(scope: Scope, area_code: str, found: list[Thread], **on: str) -> dict[str, Any]:
    """Return what the section of a page needs: the threads, what is commented on, whether who looks may."""
    return {
        "threads": found,
        "on": {"area_code": area_code, "indicator": "", "finding_id": "", **on},
        "may": scope.sees(area_code, Right.COMMENT),
    }


def _on(one: Comment) -> str:
    return said(catalogue()[one.indicator].short) if one.indicator in catalogue() else ""
