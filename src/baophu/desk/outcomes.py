"""What became of findings, entry by entry. Entries are added and never changed: a later one corrects or takes back.

Of one day the last entry counts, of several days the latest day's; an entry that was taken back counts no more, and
the one before it stands again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from baophu.areas.units import COUNTRY
from baophu.desk.words import words


class FindingOutcome(models.Model):
    """That somebody says what became of a finding, or takes such an entry back."""

    finding_id = models.CharField(words("mã trường hợp", "finding"), max_length=80)
    # From 1 in each finding: who adds the next entry has seen all before it.
    place = models.PositiveIntegerField(words("mục thứ", "entry"))
    kind = models.CharField(words("loại trường hợp", "kind of finding"), max_length=40)
    area_code = models.CharField(words("mã đơn vị hành chính", "area code"), max_length=5, default=COUNTRY)
    province = models.CharField(words("mã tỉnh", "province"), max_length=5, blank=True, default="")
    # Empty where another entry is taken back.
    outcome = models.CharField(words("kết quả", "outcome"), max_length=12, blank=True, default="")
    decided_on = models.DateField(words("ngày quyết định", "decided on"), null=True, blank=True)
    decided_by = models.CharField(words("người quyết định", "decided by"), max_length=150)
    cost = models.BigIntegerField(words("chi phí (đồng)", "cost (VND)"), null=True, blank=True)
    register = models.CharField(words("sổ ghi sai", "register that is wrong"), max_length=40, blank=True, default="")
    why = models.TextField(words("lý do", "why"), blank=True, default="")
    takes_back = models.PositiveIntegerField(words("rút lại mục", "takes back entry"), null=True, blank=True)
    recorded_by = models.CharField(words("người ghi", "recorded by"), max_length=150)
    recorded_at = models.DateTimeField(words("ghi lúc", "recorded at"), default=timezone.now, editable=False)

    class Meta:
        """Each entry is the next of its finding, and says an outcome or which entry it takes back."""

        verbose_name = words("kết quả xử lý", "outcome of a finding")
        verbose_name_plural = words("kết quả xử lý", "outcomes of findings")
        ordering = ("id",)
        indexes = (
            models.Index(name="desk_outcome_area", fields=("area_code",)),
            models.Index(name="desk_outcome_province", fields=("province",)),
        )
        constraints = (
            models.UniqueConstraint(name="desk_outcome_next", fields=("finding_id", "place")),
            models.CheckConstraint(name="desk_outcome_has_actor", condition=~Q(recorded_by="") & ~Q(decided_by="")),
            models.CheckConstraint(
                name="desk_outcome_says_one_thing",
                condition=Q(outcome="", decided_on=None, takes_back__isnull=False)
                | (~Q(outcome="") & Q(decided_on__isnull=False, takes_back=None)),
            ),
        )

    def __str__(self) -> str:
        return f"outcome:{self.finding_id}:{self.place}"


class Entry(Protocol):
    """What has to be known of an entry to tell whether it counts: the whole of it, or these columns."""

    @property
    def finding_id(self) -> str:
        """The finding."""

    @property
    def place(self) -> int:
        """Its number in the finding."""

    @property
    def takes_back(self) -> int | None:
        """The number of the entry that it takes back."""

    @property
    def decided_on(self) -> date | None:
        """Its day."""

    @property
    def outcome(self) -> str:
        """What it says."""


COLUMNS = ("finding_id", "place", "takes_back", "decided_on", "outcome")
AnyEntry = TypeVar("AnyEntry", bound=Entry)


def standing(entries: Iterable[AnyEntry]) -> list[AnyEntry]:
    """Return the entries that count, one a finding and day, by finding and day."""
    every = sorted(entries, key=lambda one: (one.finding_id, one.place))
    gone = {(one.finding_id, one.takes_back) for one in every if one.takes_back is not None}
    kept: dict[tuple[str, date], AnyEntry] = {
        (one.finding_id, one.decided_on): one
        for one in every
        if one.decided_on is not None and (one.finding_id, one.place) not in gone
    }
    return [kept[key] for key in sorted(kept)]


def last_words(entries: Iterable[AnyEntry]) -> dict[str, AnyEntry]:
    """Return of each finding the entry of the latest day, where one counts."""
    return {one.finding_id: one for one in standing(entries)}
