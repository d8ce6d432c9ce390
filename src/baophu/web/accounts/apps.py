"""Accounts as a Django app."""

from django.apps import AppConfig

from baophu.desk.words import words


class AccountsConfig(AppConfig):
    """People and their roles; its tables begin with `accounts_`."""

    name = "baophu.web.accounts"
    label = "accounts"
    verbose_name = words("Tài khoản", "Accounts")
    default_auto_field = "django.db.models.BigAutoField"
