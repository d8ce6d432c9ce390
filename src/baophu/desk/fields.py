"""A field that Django does not have: decimals that stay exact in SQLite."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    DecimalField = models.DecimalField[Decimal | int | str | None, Decimal | None]
else:
    DecimalField = models.DecimalField


class ExactDecimalField(DecimalField):
    """A DecimalField with all its digits. Django's own is floating point in SQLite, exact to 15 digits only.

    It is `numeric` where the database has one, and text in SQLite, which therefore must not order or add it up.
    """

    def get_internal_type(self) -> str:
        """Keep away SQLite's converter of DecimalField, which goes through floating point."""
        return "ExactDecimalField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type."""
        return "text" if connection.vendor == "sqlite" else f"numeric({self.max_digits}, {self.decimal_places})"

    def from_db_value(self, value: Any, expression: object, connection: BaseDatabaseWrapper) -> Decimal | None:
        """Return the value as it was stored."""
        return None if value is None else Decimal(value)
