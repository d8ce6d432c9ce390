"""The desk's tables. What must always hold is held by the database: unique and check constraints beside each table.

Nothing is overwritten: each import of targets is kept with its rows, and the latest one that was not undone governs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from baophu.desk.fields import ExactDecimalField
from baophu.desk.outcomes import FindingOutcome as FindingOutcome
from baophu.desk.words import words


class Rank(models.TextChoices):
    """Whether a document decides, or the press reports what was decided."""

    DECIDED = "decided", words("đã quyết định", "decided")
    REPORTED = "reported", words("báo chí đưa", "reported")


class Scope(models.TextChoices):
    """Whether the armed forces are counted."""

    ALL = "all", words("kể cả lực lượng vũ trang", "with the armed forces")
    WITHOUT_ARMED_FORCES = "without_armed_forces", words("không gồm lực lượng vũ trang", "without the armed forces")


class Direction(models.TextChoices):
    """On which side of its value a target is met."""

    AT_LEAST = "at_least", words("ít nhất", "at least")
    AT_MOST = "at_most", words("không quá", "at most")
    RANGE = "range", words("trong khoảng", "within")
    ABOVE_LAST_YEAR = "above_last_year", words("cao hơn năm trước", "above the year before")


class Bound(models.TextChoices):
    """How the decision words the value."""

    EXACT = "", words("đúng", "exactly")
    OVER = "over", words("trên", "over")
    ABOUT = "about", words("khoảng", "about")


class Decision(models.Model):
    """A document that assigns targets, as far as a target's reader needs it."""

    id = models.SlugField(words("mã", "id"), primary_key=True, max_length=80)
    number = models.CharField(words("số, ký hiệu", "number"), max_length=120)
    title_vi = models.TextField(words("trích yếu", "title in Vietnamese"))
    title_en = models.TextField(words("trích yếu tiếng Anh", "title in English"))
    issuer_vi = models.CharField(words("cơ quan ban hành", "issuer in Vietnamese"), max_length=250)
    issuer_en = models.CharField(words("cơ quan ban hành, tiếng Anh", "issuer in English"), max_length=250)
    issued_on = models.DateField(words("ngày ban hành", "issued on"), null=True, blank=True)
    issued_after = models.DateField(words("ban hành sau ngày", "issued after"), null=True, blank=True)
    issued_before = models.DateField(words("ban hành trước ngày", "issued before"), null=True, blank=True)
    rank = models.CharField(words("giá trị", "rank"), max_length=8, choices=Rank.choices, default=Rank.DECIDED)
    note_vi = models.TextField(words("ghi chú", "note in Vietnamese"), blank=True, default="")
    note_en = models.TextField(words("ghi chú tiếng Anh", "note in English"), blank=True, default="")
    source = models.TextField(words("nguồn", "source"))

    class Meta:
        """One day of issue, known or bounded on one side."""

        verbose_name = words("quyết định", "decision")
        verbose_name_plural = words("quyết định", "decisions")
        constraints = (
            models.CheckConstraint(
                name="desk_decision_one_day_of_issue",
                condition=(
                    Q(issued_on__isnull=False, issued_after__isnull=True, issued_before__isnull=True)
                    | Q(issued_on__isnull=True, issued_after__isnull=False, issued_before__isnull=True)
                    | Q(issued_on__isnull=True, issued_after__isnull=True, issued_before__isnull=False)
                ),
            ),
            models.CheckConstraint(name="desk_decision_rank", condition=Q(rank__in=Rank.values)),
            models.CheckConstraint(name="desk_decision_number", condition=~Q(number="")),
        )

    def __str__(self) -> str:
        return self.number


class TargetImportQuerySet(models.QuerySet["TargetImport"]):
    """The imports, asked for by what they mean."""

    def governing(self) -> TargetImportQuerySet:
        """Return the imports that stand: of each decision and parent area the latest that was not undone."""
        standing = TargetImport.objects.filter(undone_at__isnull=True)
        latest = standing.values("decision", "parent_code").annotate(latest=Max("id")).values("latest")
        return self.filter(id__in=latest)


class TargetImport(models.Model):
    """One file of targets that was taken, whole: a revision of what a decision assigns below one area."""

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="imports", verbose_name=words("quyết định", "decision")
    )
    parent_code = models.CharField(words("mã đơn vị cấp trên", "code of the parent area"), max_length=5)
    file_name = models.CharField(words("tên tệp", "file name"), max_length=255)
    sha256 = models.CharField(words("mã băm SHA-256", "SHA-256"), max_length=64)
    imported_at = models.DateTimeField(words("nạp lúc", "imported at"), auto_now_add=True)
    actor = models.CharField(words("người nạp", "imported by"), max_length=150)
    rows = models.PositiveIntegerField(words("số chỉ tiêu", "targets"))
    undone_at = models.DateTimeField(words("hủy lúc", "undone at"), null=True, blank=True)
    undone_by = models.CharField(words("người hủy", "undone by"), max_length=150, blank=True, default="")

    objects = TargetImportQuerySet.as_manager()

    class Meta:
        """Who did it is always known."""

        verbose_name = words("lần nạp chỉ tiêu", "import of targets")
        verbose_name_plural = words("các lần nạp chỉ tiêu", "imports of targets")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="desk_import_has_actor", condition=~Q(actor="")),
            models.CheckConstraint(
                name="desk_import_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
            ),
            models.CheckConstraint(name="desk_import_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        )

    def __str__(self) -> str:
        return f"{self.decision_id} #{self.pk}"


class Target(models.Model):
    """A value that one import assigns to an area for an indicator and a date."""

    revision = models.ForeignKey(
        TargetImport, models.PROTECT, related_name="targets", verbose_name=words("lần nạp", "import")
    )
    indicator = models.CharField(words("mã chỉ tiêu", "indicator"), max_length=80)
    area_code = models.CharField(words("mã đơn vị", "area code"), max_length=5)
    scope = models.CharField(words("phạm vi", "scope"), max_length=24, choices=Scope.choices, default=Scope.ALL)
    period_end = models.DateField(words("đến ngày", "by the day"))
    base_date = models.DateField(words("so với ngày", "base date"))
    value = ExactDecimalField(words("giá trị", "value"), max_digits=24, decimal_places=6, null=True, blank=True)
    high = ExactDecimalField(words("cận trên", "upper end"), max_digits=24, decimal_places=6, null=True, blank=True)
    direction = models.CharField(words("chiều", "direction"), max_length=16, choices=Direction.choices)
    bound = models.CharField(words("cách nêu", "wording"), max_length=8, choices=Bound.choices, blank=True, default="")
    phase = models.CharField(words("đợt", "phase"), max_length=20, blank=True, default="")
    note = models.TextField(words("ghi chú", "note"), blank=True, default="")

    class Meta:
        """One value a subject within an import; a value exactly where the direction needs one."""

        verbose_name = words("chỉ tiêu được giao", "target")
        verbose_name_plural = words("chỉ tiêu được giao", "targets")
        ordering = ("revision", "indicator", "period_end", "scope", "area_code")
        constraints = (
            models.UniqueConstraint(
                name="desk_target_one_value_a_subject",
                fields=("revision", "indicator", "area_code", "scope", "period_end"),
            ),
            models.CheckConstraint(
                name="desk_target_value_unless_above_last_year",
                condition=(
                    Q(direction=Direction.ABOVE_LAST_YEAR, value__isnull=True)
                    | (~Q(direction=Direction.ABOVE_LAST_YEAR) & Q(value__isnull=False))
                ),
            ),
            models.CheckConstraint(
                name="desk_target_high_only_in_a_range",
                condition=(
                    Q(direction=Direction.RANGE, high__isnull=False)
                    | (~Q(direction=Direction.RANGE) & Q(high__isnull=True))
                ),
            ),
            models.CheckConstraint(name="desk_target_base_before_end", condition=Q(base_date__lt=F("period_end"))),
            models.CheckConstraint(name="desk_target_direction", condition=Q(direction__in=Direction.values)),
            models.CheckConstraint(name="desk_target_scope", condition=Q(scope__in=Scope.values)),
            models.CheckConstraint(name="desk_target_bound", condition=Q(bound__in=Bound.values)),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.area_code} {self.period_end}: {self.value}"


class LinkDecisionQuerySet(models.QuerySet["LinkDecision"]):
    """What people decided on links, asked for by what it means."""

    def standing(self) -> LinkDecisionQuerySet:
        """Return the decisions that stand: of each participant and person the latest."""
        latest = LinkDecision.objects.values("si_code", "pid").annotate(latest=Max("id")).values("latest")
        return self.filter(id__in=latest)


class LinkDecision(models.Model):
    """That somebody decided whether a participant is a person. It is added to, and outranks the machine for good."""

    si_code = models.CharField(words("mã số BHXH", "social insurance number"), max_length=10)
    pid = models.CharField(words("số định danh cá nhân", "personal number"), max_length=12)
    accepted = models.BooleanField(words("là một người", "the same person"))
    reason = models.TextField(words("lý do", "reason"))
    decided_by = models.CharField(words("người quyết định", "decided by"), max_length=150)
    decided_at = models.DateTimeField(words("quyết định lúc", "decided at"), auto_now_add=True)
    rule = models.CharField(words("máy đã nối theo", "what the machine had linked by"), max_length=40, blank=True)
    sampled = models.BooleanField(words("chọn ngẫu nhiên", "drawn at random"), default=False)

    objects = LinkDecisionQuerySet.as_manager()

    class Meta:
        """Who decided, and why, is always known."""

        verbose_name = words("quyết định ghép nối", "decision on a link")
        verbose_name_plural = words("quyết định ghép nối", "decisions on links")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="desk_link_has_actor", condition=~Q(decided_by="")),
            models.CheckConstraint(name="desk_link_has_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"link_decision:{self.pk}"


class MatchDecisionQuerySet(models.QuerySet["MatchDecision"]):
    """What people decided on employers' and paid workers' links, asked for by what it means."""

    def standing(self) -> MatchDecisionQuerySet:
        """Return the decisions that stand: of each pair the latest."""
        latest = MatchDecision.objects.values("kind", "subject", "other").annotate(latest=Max("id")).values("latest")
        return self.filter(id__in=latest)


class MatchDecision(models.Model):
    """That somebody decided whether an employer is a business, or a paid worker a person. It is added to."""

    class Kind(models.TextChoices):
        """What was linked."""

        EMPLOYER = "employer", words("đơn vị với người nộp thuế", "an employer to a business")
        WORKER = "worker", words("người được trả lương với công dân", "a paid worker to a person")

    kind = models.CharField(words("loại", "kind"), max_length=10, choices=Kind.choices)
    # An employer's code; of a worker what his payer says of him (`linkage.decisions`).
    subject = models.CharField(words("ai", "who"), max_length=90)
    other = models.CharField(words("là ai", "is whom"), max_length=14)
    accepted = models.BooleanField(words("là một", "the same"))
    reason = models.TextField(words("lý do", "reason"))
    decided_by = models.CharField(words("người quyết định", "decided by"), max_length=150)
    decided_at = models.DateTimeField(words("quyết định lúc", "decided at"), auto_now_add=True)
    rule = models.CharField(words("máy đã nối theo", "what the machine had linked by"), max_length=40, blank=True)
    sampled = models.BooleanField(words("chọn ngẫu nhiên", "drawn at random"), default=False)

    objects = MatchDecisionQuerySet.as_manager()

    class Meta:
        """Who decided, and why, is always known."""

        verbose_name = words("quyết định về đơn vị, người được trả lương", "decision on an employer or a paid worker")
        verbose_name_plural = words("quyết định về đơn vị, người được trả lương", "decisions on employers and workers")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="desk_match_has_actor", condition=~Q(decided_by="")),
            models.CheckConstraint(name="desk_match_has_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"match_decision:{self.pk}"


def _kept() -> NoReturn:
    raise ValidationError(
        words("Nhật ký không sửa và không xóa được.", "The record can be neither changed nor deleted.")
    )


def _one_at_a_time() -> None:
    """Let no other record in before this transaction ends. SQLite's transactions stand in a row already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(727376)")


class AuditQuerySet(models.QuerySet["AuditRecord"]):
    """The records, which can be read and added to."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        _kept()

    def delete(self) -> NoReturn:
        """Refuse."""
        _kept()

    def last_change_of_targets(self) -> int:
        """Return the id of the last record that changed which targets stand; 0 where none did."""
        return self.filter(action__in=AuditRecord.CHANGES_TARGETS).aggregate(last=Max("id"))["last"] or 0


def audit_actions() -> list[tuple[str, str]]:
    """Return what can be done at the desk, with its words. A function, so that a new deed needs no migration."""
    return AuditRecord.Action.choices


class AuditRecord(models.Model):
    """Who did what, when, to what. Records are added and never changed."""

    class Action(models.TextChoices):
        """What can be done at the desk."""

        IMPORT_TARGETS = "targets.import", words("nạp chỉ tiêu", "import of targets")
        UNDO_IMPORT = "targets.undo", words("hủy lần nạp chỉ tiêu", "undoing an import of targets")
        DECIDE_LINKS = "links.decide", words("quyết định ghép nối", "decisions on links")
        OUTCOME = "outcomes.record", words("ghi kết quả xử lý", "recording what became of findings")
        COMMENT = "comments.write", words("ghi ý kiến", "writing a comment")
        CREATE_USER = "users.create", words("tạo tài khoản", "making an account")
        CLOSE_USER = "users.close", words("đóng tài khoản", "closing an account")
        GRANT = "users.grant", words("cấp vai trò", "giving a role")
        REVOKE = "users.revoke", words("thu hồi vai trò", "taking a role back")
        PASSWORD = "users.password", words("đổi mật khẩu", "change of a password")
        SECOND_FACTOR = "users.second_factor", words("cài mã xác thực", "setting up the second factor")
        SIGN_IN = "sessions.begin", words("đăng nhập", "signing in")
        SIGN_OUT = "sessions.end", words("đăng xuất", "signing out")
        END_SESSIONS = "sessions.end_others", words("đăng xuất ở nơi khác", "signing out elsewhere")
        MAKE_TOKEN = "tokens.make", words("tạo khóa API", "making a key to the API")
        REVOKE_TOKEN = "tokens.revoke", words("thu hồi khóa API", "revoking a key to the API")
        OPEN_PERSON = "persons.open", words("mở hồ sơ một người", "opening a person")
        REVEAL = "persons.reveal", words("xem đủ số định danh", "revealing a personal number")
        PERSON_REQUEST = "requests.person", words("ghi yêu cầu của cá nhân", "a person's request about his data")
        ANSWER_REQUEST = "requests.answer", words("trả lời yêu cầu của cá nhân", "answering a person's request")
        HELD_OF_PERSON = "requests.held", words("lấy mọi dữ liệu về một người", "taking all that is held of a person")
        BREACH = "breaches.note", words("ghi vi phạm dữ liệu cá nhân", "a breach of personal data")
        EXPORT = "exports.make", words("tải danh sách", "taking a list away")
        OPEN_LIST = "lists.open", words("chương trình mở trang đầu danh sách", "a program's opening of a list")
        ASK_EXPORT = "exports.ask", words("yêu cầu tải danh sách", "asking for a list")
        APPROVE_EXPORT = "exports.approve", words("duyệt tải danh sách", "approving an export")
        REFUSE_EXPORT = "exports.refuse", words("từ chối tải danh sách", "refusing an export")
        FETCH_EXPORT = "exports.fetch", words("nhận tệp đã tải", "fetching the file of an export")

    CHANGES_TARGETS = (Action.IMPORT_TARGETS, Action.UNDO_IMPORT)

    at = models.DateTimeField(words("lúc", "at"), default=timezone.now, editable=False)
    actor = models.CharField(words("người làm", "actor"), max_length=150)
    action = models.CharField(words("việc", "action"), max_length=40, choices=audit_actions)
    subject = models.CharField(words("đối tượng", "subject"), max_length=120)
    detail = models.JSONField(words("chi tiết", "detail"), default=dict, blank=True)
    # Each record holds the hash of the one before it, so that none can be changed or left out unseen.
    previous = models.CharField(max_length=64, blank=True, default="", editable=False)
    digest = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        """No record without an actor."""

        verbose_name = words("mục nhật ký", "audit record")
        verbose_name_plural = words("nhật ký", "audit records")
        ordering = ("id",)
        constraints = (models.CheckConstraint(name="desk_audit_has_actor", condition=~Q(actor="")),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.subject}"

    def reckoned(self) -> str:
        """Return the hash of what the record says and of the record before it."""
        said = [self.previous, self.at.astimezone(UTC).isoformat(), self.actor, self.action, self.subject, self.detail]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def save(
        self,
        *,
        force_insert: bool | tuple[models.base.ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Add the record; refuse where it is already there."""
        if not self._state.adding or force_update or update_fields is not None:
            _kept()
        with transaction.atomic(using=using):
            _one_at_a_time()
            last = AuditRecord.objects.order_by("-id").values_list("digest", flat=True).first()
            self.previous = last or ""
            self.digest = self.reckoned()
            super().save(force_insert=True, using=using)

    def delete(self, using: str | None = None, keep_parents: bool = False) -> NoReturn:
        """Refuse."""
        _kept()
