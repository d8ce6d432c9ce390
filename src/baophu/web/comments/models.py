"""What somebody says of an area, of one of its indicators, or of a finding; and who may read it."""

from __future__ import annotations

from django.db import models
from django.db.models import Max, Q
from django.utils import timezone

from baophu.areas.units import COUNTRY, tree
from baophu.desk.words import words
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments, for who may read them: those on figures of an area for who sees it, those on findings for whom the
    lists of its area are open."""

    def read_by(self, scope: Scope, area_code: str) -> CommentQuerySet:
        """Leave those on an area and below it that a scope may read."""
        if not scope.sees(area_code, Right.SEE):
            return self.none()
        found = self._below(area_code)
        return found if scope.sees(area_code, Right.WORK) else found.filter(finding_id="")

    def state(self, area_code: str) -> tuple[object, ...]:
        """Name what is there of an area and below: it changes with each comment, and with each that is taken back."""
        return tuple(self._below(area_code).aggregate(Max("id"), Max("taken_back_at")).values())

    def _below(self, area_code: str) -> CommentQuerySet:
        if area_code == COUNTRY:
            return self
        column = "province" if tree().get(area_code).level == "province" else "area_code"
        return self.filter(**{column: area_code})


class Comment(models.Model):
    """What somebody says. It is not changed; its author may take it back, and then nothing of its text is left."""

    area_code = models.CharField(words("mã đơn vị hành chính", "area code"), max_length=5, default=COUNTRY)
    province = models.CharField(words("mã tỉnh", "province"), max_length=5, blank=True, default="")
    # The month of the figures that were looked at.
    month = models.DateField(words("tháng của số liệu", "month of the figures"))
    indicator = models.CharField(words("chỉ tiêu", "indicator"), max_length=60, blank=True, default="")
    finding_id = models.CharField(words("mã trường hợp", "finding"), max_length=80, blank=True, default="")
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    text = models.TextField(words("ý kiến", "comment"), blank=True, default="")
    author = models.CharField(words("người viết", "author"), max_length=150)
    author_name = models.CharField(words("họ và tên", "full name"), max_length=120)
    at = models.DateTimeField(words("lúc", "at"), default=timezone.now, editable=False)
    taken_back_at = models.DateTimeField(words("rút lại lúc", "taken back at"), null=True, blank=True, db_index=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        """The newest first; a comment has an author and words, or was taken back."""

        verbose_name = words("ý kiến", "comment")
        verbose_name_plural = words("ý kiến", "comments")
        ordering = ("-id",)
        indexes = (
            models.Index(name="comments_area", fields=("area_code",)),
            models.Index(name="comments_province", fields=("province",)),
            models.Index(name="comments_finding", fields=("finding_id",)),
        )
        constraints = (
            models.CheckConstraint(name="comments_by_somebody", condition=~Q(author="")),
            models.CheckConstraint(
                name="comments_say_something", condition=Q(taken_back_at=None) & ~Q(text="") | Q(text="")
                & Q(taken_back_at__isnull=False),
            ),
            models.CheckConstraint(
                name="comments_on_one_thing", condition=Q(indicator="") | Q(finding_id="")
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"comment:{self.pk}"
