"""One decision and its targets, as the tests hand them over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from baophu.desk import models


def decision(**changed: Any) -> models.Decision:
    fields: dict[str, Any] = {
        "id": "nq-403-2025",
        "number": "403/NQ-CP",
        "title_vi": "Nghị quyết giao chỉ tiêu",
        "title_en": "Resolution assigning targets",
        "issuer_vi": "Chính phủ",
        "issuer_en": "The Government",
        "issued_on": date(2025, 12, 10),
        "source": "phu-luc.xlsx",
    }
    return models.Decision(**(fields | changed))


def target(**changed: Any) -> models.Target:
    fields: dict[str, Any] = {
        "indicator": "si_total",
        "area_code": "75",
        "period_end": date(2030, 12, 31),
        "base_date": date(2025, 12, 31),
        "value": Decimal(1_665_856),
        "direction": "at_least",
    }
    return models.Target(**(fields | changed))
