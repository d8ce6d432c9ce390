"""What can be done with comments: written, answered, taken back; each with a record of who did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from baophu.areas.units import tree
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
from baophu.registers.store import names_nobody
from baophu.web.accounts.models import User
from baophu.web.comments.models import Comment

LONGEST = 2_000
_ACTION = AuditRecord.Action


@dataclass(frozen=True, slots=True)
class About:
    """What a comment is on: an area in a month; where they are not empty, one indicator or one finding of it."""

    area_code: str
    month: date
    indicator: str = ""
    finding_id: str = ""


@transaction.atomic
def write(*, author: User, about: About, text: str, answers: Comment | None = None) -> Comment:
    """Write a comment, or an answer to one on the same thing; the same sent again on the same day is kept once.

    BaophuError where there are no words, too many, or somebody's number among them. Whoever calls has checked that the
    author may see what it is on, and may comment there.
    """
    said = text.strip().replace("\r\n", "\n")
    if not said or len(said) > LONGEST:
        raise BaophuError(Text(f"Ý kiến có từ 1 đến {LONGEST} ký tự.", f"A comment has 1 to {LONGEST} characters."))
    if not names_nobody(said):
        raise BaophuError(Text("Không ghi số của ai ở đây.", "Write nobody's number here."))
    on = {"area_code": about.area_code, "indicator": about.indicator, "finding_id": about.finding_id}
    if answers is not None and (answers.answers_id or any(getattr(answers, name) != on[name] for name in on)):
        raise BaophuError(Text("Không có ý kiến này để trả lời.", "There is no such comment to be answered."))
    before = Comment.objects.filter(author=author.username, text=said, answers=answers, **on).order_by("-id").first()
    if before is not None and timezone.localdate(before.at) == timezone.localdate():
        return before
    above = (*tree().ancestors(about.area_code), tree().get(about.area_code))
    made = Comment(
        **on, month=about.month, text=said, answers=answers, author=author.username, author_name=author.full_name,
        province=next((one.code for one in above if one.level == "province"), ""),
    )  # fmt: skip
    made.full_clean()
    made.save()
    detail = {**{name: value for name, value in on.items() if value}, **({"answers": answers.pk} if answers else {})}
    record(author.username, _ACTION.COMMENT, str(made), detail)
    return made


@transaction.atomic
def take_back(*, author: User, comment: Comment) -> None:
    """Take one's own comment back: its words are gone, that there was one stays. BaophuError where it is another's."""
    found = Comment.objects.select_for_update().get(pk=comment.pk)
    if found.author != author.username:
        raise BaophuError(Text("Chỉ người viết rút lại được ý kiến.", "A comment is taken back by its author alone."))
    if found.taken_back_at is None:
        found.text, found.taken_back_at = "", timezone.now()
        found.save(update_fields=["text", "taken_back_at"])
        record(author.username, _ACTION.COMMENT, str(found), {"area_code": found.area_code, "taken_back": True})
