"""The site as a Django app."""

from django.apps import AppConfig

from baophu.desk.words import words


class WebConfig(AppConfig):
    """The pages."""

    name = "baophu.web"
    label = "web"
    verbose_name = words("Trang", "Site")
    default_auto_field = "django.db.models.BigAutoField"
