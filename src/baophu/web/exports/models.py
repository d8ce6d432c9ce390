"""What was asked to be taken away: by whom, of which page, how far it is, who approved it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from baophu.desk.words import words


class State(models.TextChoices):
    """How far it is."""

    WAITING = "waiting", words("chờ duyệt", "waits for approval")
    REFUSED = "refused", words("không được duyệt", "refused")
    QUEUED = "queued", words("chờ đến lượt", "in the queue")
    WORKING = "working", words("đang chuẩn bị", "being prepared")
    READY = "ready", words("đã sẵn sàng", "ready")
    FAILED = "failed", words("không làm được", "failed")
    EXPIRED = "expired", words("đã hết hạn giữ", "no longer kept")


class Problem(models.TextChoices):
    """Why it failed."""

    STOPPED = "stopped", words("Việc bị dừng giữa chừng.", "The work was stopped before its end.")
    DISK = (
        "disk",
        words(
            "Không ghi được tệp: đĩa đầy hoặc không ghi được.", "The file could not be written: the disk may be full."
        ),
    )
    RIGHTS = "rights", words("Bạn không còn quyền xem danh sách này.", "You no longer have the right to see this list.")
    RUN = (
        "run",
        words("Lần chạy này không còn được chuẩn bị cho trang.", "This run is no longer prepared for the pages."),
    )
    SAID = "said", words("Có việc cần sửa trước.", "Something has to be mended first.")
    GONE = "gone", words("Tệp không còn.", "The file is gone.")
    PROGRAM = (
        "program",
        words(
            "Chương trình gặp lỗi; quản trị xem nhật ký máy chủ.",
            "The program met an error; the server's log says where.",
        ),
    )


class Export(models.Model):
    """A list that somebody takes away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    page = models.CharField(words("trang", "page"), max_length=30)
    # Arguments and filters of the page's address.
    where = models.JSONField(default=dict)
    filters = models.JSONField(default=dict)
    title = models.CharField(words("danh sách", "list"), max_length=200)
    area_code = models.CharField(words("mã đơn vị hành chính", "area code"), max_length=5)
    run = models.CharField(words("lần chạy", "run"), max_length=40)
    month = models.DateField(words("tháng", "month"))
    form = models.CharField(words("dạng tệp", "form"), max_length=8)
    language = models.CharField(max_length=2, default="vi")
    revealed = models.BooleanField(words("số định danh đầy đủ", "numbers in full"), default=False)
    # Ethnicity, poverty and benefits may stand in it.
    sensitive = models.BooleanField(default=False)
    purpose = models.CharField(words("mục đích", "purpose"), max_length=300, blank=True, default="")
    rows = models.PositiveIntegerField(words("số dòng", "rows"), default=0)
    # As far as they were counted.
    people = models.PositiveIntegerField(words("số người", "people"), default=0)

    state = models.CharField(words("trạng thái", "state"), max_length=10, choices=State.choices)
    problem = models.CharField(max_length=10, choices=Problem.choices, blank=True, default="")
    # What Problem.SAID says, in the language of who asked.
    problem_words = models.CharField(max_length=500, blank=True, default="")
    done = models.PositiveIntegerField(words("số dòng đã xong", "rows done"), default=0)
    size = models.PositiveBigIntegerField(words("cỡ tệp", "size"), default=0)
    asked_at = models.DateTimeField(words("yêu cầu lúc", "asked at"), default=timezone.now)
    decided_by = models.CharField(words("người duyệt", "decided by"), max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(words("duyệt lúc", "decided at"), null=True, blank=True)
    reason = models.CharField(words("ý kiến", "reason"), max_length=300, blank=True, default="")
    # Who prepares it (machine and process), and when it was last heard of.
    worker = models.CharField(max_length=80, blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(words("xong lúc", "ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(words("giữ đến", "kept until"), null=True, blank=True)
    fetched_at = models.DateTimeField(words("nhận lúc", "fetched at"), null=True, blank=True)

    class Meta:
        """The newest first."""

        verbose_name = words("lần tải về", "export")
        verbose_name_plural = words("các lần tải về", "exports")
        ordering = ("-asked_at",)
        indexes = (models.Index(name="exports_of_user", fields=("user", "state")),)
        constraints = (
            models.CheckConstraint(name="exports_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="exports_decided_by_somebody",
                condition=Q(decided_at=None, decided_by="") | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
            ),
            models.CheckConstraint(name="exports_full_for_a_purpose", condition=Q(revealed=False) | ~Q(purpose="")),
        )

    def __str__(self) -> str:
        return f"export:{self.pk}"

    @property
    def why(self) -> str:
        """Why it failed, in words."""
        if self.problem == Problem.SAID and self.problem_words:
            return self.problem_words
        return str(self.get_problem_display())

    @property
    def file_name(self) -> str:
        """The name under which it is saved."""
        return f"baophu-{self.page}-{self.area_code}-{self.month:%Y-%m}.{self.form}"


class FirstPages(models.Model):
    """How many lists somebody's programs opened on a day without the right to take them away."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="first_pages")
    day = models.DateField(words("ngày", "day"))
    opened = models.PositiveIntegerField(words("số danh sách đã mở", "lists opened"), default=0)

    class Meta:
        """One count a day."""

        constraints = (models.UniqueConstraint(name="exports_first_pages_a_day", fields=("user", "day")),)

    def __str__(self) -> str:
        return f"{self.user} {self.day}: {self.opened}"
