"""Exports as a Django app."""

from django.apps import AppConfig

from baophu.desk.words import words


class ExportsConfig(AppConfig):
    """What is taken away; its table begins with `exports_`."""

    name = "baophu.web.exports"
    label = "exports"
    verbose_name = words("Tải về", "Exports")
    default_auto_field = "django.db.models.BigAutoField"
