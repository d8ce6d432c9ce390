"""Django's settings for the desk. Importing them makes nothing: the home need not exist (see `start`).

There are no accounts, sessions or pages yet, so nothing is signed and no secret key is needed or kept.
SQLite's foreign keys are switched on by Django for every connection.
"""

from baophu.core.home import home
from baophu.desk.store import desk_file

DEBUG = False
ALLOWED_HOSTS: list[str] = []
INSTALLED_APPS = ["baophu.desk.apps.DeskConfig"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": desk_file(home()),
        "OPTIONS": {
            # A writer takes its turn at the start of a transaction, never in its middle, and waits rather than fails.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # Readers go on while one writes; what was committed survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}

LANGUAGE_CODE = "vi"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
