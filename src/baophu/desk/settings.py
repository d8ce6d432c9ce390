"""Django's settings for the desk. Importing them makes nothing: the home need not exist (see `start`).

Accounts, sessions and pages are the site's (`web.settings`), so nothing is signed here and no secret key is needed.
SQLite's foreign keys are switched on by Django for every connection.
"""

from baophu.core.home import home
from baophu.desk.database import database

DEBUG = False
ALLOWED_HOSTS: list[str] = []
INSTALLED_APPS = ["baophu.desk.apps.DeskConfig"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": database(home())}

LANGUAGE_CODE = "vi"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
