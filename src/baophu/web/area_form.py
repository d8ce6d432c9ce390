"""A form that names an area: it must be one, and lie where the right holds that the form's deed needs."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from baophu.areas.units import tree
from baophu.core.errors import BaophuError
from baophu.desk.words import words
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope
from baophu.web.templatetags.baophu import language


class AreaForm(forms.Form):
    """A form with a field `area`, a code or a name; `right` is what must hold there."""

    right: ClassVar[Right]

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_area(self) -> str:
        """Find the area's code."""
        try:
            found = tree().resolve(self.cleaned_data["area"])
        except BaophuError as error:
            raise ValidationError(error.say(language())) from None
        if not self.scope.sees(found.code, self.right):
            raise ValidationError(words("Đơn vị này ở ngoài phạm vi của bạn.", "This area lies outside of yours."))
        return found.code
