"""The desk as a Django app."""

from django.apps import AppConfig

from baophu.desk.words import words


class DeskConfig(AppConfig):
    """The desk; its tables begin with `desk_`."""

    name = "baophu.desk"
    label = "desk"
    verbose_name = words("Bàn làm việc", "Desk")
