"""Requests and breaches as a Django app."""

from django.apps import AppConfig

from baophu.desk.words import words


class PrivacyConfig(AppConfig):
    """Requests of people and breaches; its tables begin with `privacy_`."""

    name = "baophu.web.privacy"
    label = "privacy"
    verbose_name = words("Dữ liệu cá nhân", "Personal data")
    default_auto_field = "django.db.models.BigAutoField"
