"""What a role may do. A role holds on an area; what it may not do there, no page, file or endpoint does for it."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from baophu.core.languages import Text
from baophu.desk.words import words


class Right(StrEnum):
    """One thing that may be done on an area."""

    SEE = "see"  # figures of areas
    WORK = "work"  # lists of findings and employers
    RECORD = "record"  # what became of findings
    PERSONS = "persons"  # open a person, numbers masked
    REVEAL = "reveal"  # a personal number in full, with a purpose, logged
    SENSITIVE = "sensitive"  # ethnicity, poverty, benefits
    EXPORT = "export"  # take lists away
    APPROVE = "approve"  # what needs a second person
    COMMENT = "comment"
    LOADS = "loads"  # what came in and what was rejected
    PRIVACY = "privacy"  # requests of people about their data, breaches
    AUDIT = "audit"  # the record of who did what
    ADMINISTER = "administer"  # people and their roles
    API = "api"  # tokens


class Role(models.TextChoices):
    """What somebody is on an area."""

    NATIONAL = "national", words("cán bộ cấp trung ương", "national officer")
    PROVINCIAL = "provincial", words("cán bộ cấp tỉnh", "provincial officer")
    COMMUNE = "commune", words("cán bộ cơ sở", "commune officer")
    MANAGER = "manager", words("lãnh đạo phê duyệt", "manager")
    COMMITTEE = "committee", words("ban chỉ đạo", "steering committee")
    MINISTRY = "ministry", words("cơ quan bộ theo dõi", "ministry reader")
    AUDITOR = "auditor", words("kiểm toán nội bộ", "auditor")
    ADMINISTRATOR = "administrator", words("quản trị hệ thống", "administrator")
    SERVICE = "service", words("tài khoản dịch vụ", "service account")


_OFFICER = frozenset({Right.SEE, Right.WORK, Right.RECORD, Right.PERSONS, Right.REVEAL, Right.EXPORT, Right.COMMENT})

# Ethnicity, poverty and benefits come with no role: a grant says so by itself (`Grant.sensitive`).
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.NATIONAL: _OFFICER | {Right.LOADS, Right.API},
    Role.PROVINCIAL: _OFFICER | {Right.LOADS, Right.API},
    Role.COMMUNE: _OFFICER,
    Role.MANAGER: _OFFICER | {Right.LOADS, Right.APPROVE, Right.API},
    Role.COMMITTEE: frozenset({Right.SEE, Right.COMMENT}),
    Role.MINISTRY: frozenset({Right.SEE}),
    Role.AUDITOR: frozenset({Right.SEE, Right.LOADS, Right.AUDIT, Right.PRIVACY, Right.API}),
    Role.ADMINISTRATOR: frozenset({Right.ADMINISTER, Right.PRIVACY, Right.API}),
    Role.SERVICE: frozenset({Right.SEE, Right.API}),
}

RIGHT_WORDS: dict[Right, Text] = {
    Right.SEE: Text("xem số liệu của đơn vị", "see the figures of areas"),
    Right.WORK: Text("xem danh sách cần xử lý và đơn vị sử dụng lao động", "see findings and employers"),
    Right.RECORD: Text("ghi kết quả xử lý", "record what became of findings"),
    Right.PERSONS: Text("mở hồ sơ một người, số định danh được che", "open a person, with numbers masked"),
    Right.REVEAL: Text("xem đủ số định danh, có nêu mục đích", "see a personal number in full, with a purpose"),
    Right.SENSITIVE: Text("xem dân tộc, hộ nghèo, chế độ hưởng", "see ethnicity, poverty and benefits"),
    Right.EXPORT: Text("tải danh sách về", "take lists away"),
    Right.APPROVE: Text("phê duyệt", "approve"),
    Right.COMMENT: Text("ghi ý kiến", "comment"),
    Right.LOADS: Text("xem các lần nạp dữ liệu", "see the loads"),
    Right.PRIVACY: Text(
        "giải quyết yêu cầu của cá nhân, vi phạm dữ liệu", "handle requests of people about their data, and breaches"
    ),
    Right.AUDIT: Text("tra cứu nhật ký", "search the audit record"),
    Right.ADMINISTER: Text("quản lý tài khoản", "administer accounts"),
    Right.API: Text("dùng giao diện lập trình", "use the API"),
}
