"""Requests of people about their data, and breaches. A person is named by the site's key, never by his number."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from baophu.areas.units import COUNTRY
from baophu.desk.words import words
from baophu.web.privacy import terms


class Kind(models.TextChoices):
    """What somebody asks for."""

    ACCESS = "access", words("xem, được cung cấp dữ liệu", "access to his data")
    CORRECTION = "correction", words("chỉnh sửa", "correction")
    OBJECTION = "objection", words("phản đối việc xử lý", "objection to processing")
    RESTRICTION = "restriction", words("hạn chế xử lý", "restriction of processing")
    ERASURE = "erasure", words("xóa", "erasure")


class Outcome(models.TextChoices):
    """What came of a request."""

    OPEN = "", words("đang xử lý", "open")
    DONE = "done", words("đã thực hiện", "done")
    PARTLY = "partly", words("thực hiện một phần", "done in part")
    REFUSED = "refused", words("từ chối, có lý do", "refused, with reasons")


class PersonRequest(models.Model):
    """What a person asks of the office about his own data."""

    kind = models.CharField(words("yêu cầu", "request"), max_length=12, choices=Kind.choices)
    received_on = models.DateField(words("nhận ngày", "received on"))
    reference = models.CharField(words("số, ký hiệu đơn", "reference of the letter"), max_length=80)
    # Empty: nobody of the number that was given is known.
    person = models.CharField(max_length=40, blank=True, default="")
    area_code = models.CharField(words("mã đơn vị hành chính", "area code"), max_length=5, default=COUNTRY)
    registered_by = models.CharField(words("người ghi nhận", "registered by"), max_length=150)
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    word_given_on = models.DateField(words("đã báo tiếp nhận ngày", "receipt confirmed on"), null=True, blank=True)
    extension = models.TextField(words("lý do gia hạn", "why it was extended"), blank=True, default="")
    outcome = models.CharField(
        words("kết quả", "outcome"), max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN
    )
    answer = models.TextField(words("trả lời", "answer"), blank=True, default="")
    answered_at = models.DateTimeField(words("trả lời lúc", "answered at"), null=True, blank=True)
    answered_by = models.CharField(words("người trả lời", "answered by"), max_length=150, blank=True, default="")

    class Meta:
        """What waits longest comes first; an answer has who gave it."""

        verbose_name = words("yêu cầu của cá nhân", "request of a person")
        verbose_name_plural = words("yêu cầu của cá nhân", "requests of people")
        ordering = ("received_on", "id")
        constraints = (
            models.CheckConstraint(
                name="privacy_answered_by_somebody",
                condition=Q(outcome="", answered_at=None, answered_by="")
                | (~Q(outcome="") & Q(answered_at__isnull=False) & ~Q(answered_by="") & ~Q(answer="")),
            ),
        )

    def __str__(self) -> str:
        return f"person_request:{self.pk}"

    @property
    def word_by(self) -> date:
        """The last day for telling him that it came."""
        return terms.word_by(self.received_on)

    @property
    def done_by(self) -> date:
        """The last day for doing it."""
        return terms.done_by(self.kind, self.received_on, bool(self.extension))

    @property
    def late(self) -> bool:
        """Whether the day has gone by, or had when it was answered."""
        until = timezone.localtime(self.answered_at).date() if self.answered_at else timezone.localdate()
        return until > self.done_by


class Breach(models.Model):
    """A breach of the protection of personal data, as the authority has to hear of it."""

    found_at = models.DateTimeField(words("phát hiện lúc", "found at"))
    area_code = models.CharField(words("mã đơn vị hành chính", "area code"), max_length=5, default=COUNTRY)
    what = models.TextField(words("việc gì đã xảy ra, loại dữ liệu nào", "what happened, which kind of data"))
    people = models.PositiveIntegerField(words("số người bị ảnh hưởng (ước)", "people affected (about)"), default=0)
    measures = models.TextField(words("đã làm gì để khắc phục", "what was done about it"), blank=True, default="")
    registered_by = models.CharField(words("người ghi nhận", "registered by"), max_length=150)
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    reported_at = models.DateTimeField(words("đã báo cơ quan lúc", "authority told at"), null=True, blank=True)
    report = models.CharField(words("số văn bản báo", "reference of the report"), max_length=80, blank=True, default="")
    people_told_at = models.DateTimeField(
        words("đã báo người bị ảnh hưởng lúc", "people told at"), null=True, blank=True
    )
    closed_at = models.DateTimeField(words("kết thúc lúc", "closed at"), null=True, blank=True)

    class Meta:
        """The newest first."""

        verbose_name = words("vi phạm dữ liệu cá nhân", "breach")
        verbose_name_plural = words("vi phạm dữ liệu cá nhân", "breaches")
        ordering = ("-found_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="privacy_report_has_reference", condition=Q(reported_at=None, report="") | ~Q(report="")
            ),
        )

    def __str__(self) -> str:
        return f"breach:{self.pk}"

    @property
    def report_by(self) -> datetime:
        """Until when the authority has to be told."""
        return terms.report_by(self.found_at)

    @property
    def hours_left(self) -> int:
        """Whole hours until then; negative where it has gone by."""
        return int((self.report_by - timezone.now()).total_seconds() // 3600)

    @property
    def late(self) -> bool:
        """Whether the authority was told too late, or is still not told."""
        return (self.reported_at or timezone.now()) > self.report_by
