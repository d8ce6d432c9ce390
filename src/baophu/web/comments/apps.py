"""Comments as a Django app."""

from django.apps import AppConfig

from baophu.desk.words import words


class CommentsConfig(AppConfig):
    """Comments; its tables begin with `comments_`."""

    name = "baophu.web.comments"
    label = "comments"
    verbose_name = words("Ý kiến", "Comments")
    default_auto_field = "django.db.models.BigAutoField"
