"""Django's settings for the site: those of the desk, and what pages, sessions and sign-in need.

The home folder gives the database and the secret key; a few environment variables (docs/how-to/serve.md) give the rest.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from baophu.core.home import home
from baophu.desk.database import database
from baophu.desk.settings import *  # noqa: F403 (the site's settings are the desk's and more)
from baophu.desk.settings import INSTALLED_APPS as _DESK
from baophu.web.secret import secret_key

HERE = Path(__file__).parent
HOME = home()

SECRET_KEY = secret_key(HOME)
DATABASES = {"default": database(HOME)}
# `serve` sets them: loopback alone until an administrator names the site's own addresses.
ALLOWED_HOSTS = os.environ.get("BAOPHU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
# Behind TLS everywhere but on loopback, where a browser is the only one on the way.
SECURE = os.environ.get("BAOPHU_SECURE", "0") == "1"

INSTALLED_APPS = [
    *_DESK,
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "baophu.web.accounts.apps.AccountsConfig",
    "baophu.web.exports.apps.ExportsConfig",
    "baophu.web.privacy.apps.PrivacyConfig",
    "baophu.web.comments.apps.CommentsConfig",
    "baophu.web.apps.WebConfig",
]

MIDDLEWARE = [
    "baophu.web.metrics.MetricsMiddleware",
    "baophu.web.api.middleware.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "baophu.web.api.middleware.TokenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "baophu.web.middleware.LanguageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "baophu.web.middleware.NothingKeptMiddleware",
    "baophu.web.middleware.RuleMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "baophu.web.urls"
WSGI_APPLICATION = "baophu.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "baophu.web.context.common",
            ],
            "builtins": ["baophu.web.templatetags.baophu"],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["baophu.web.accounts.hashing.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "full_name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
OTP_TOTP_ISSUER = "Baophu"

# Locked for a quarter of an hour after five wrong tries at one name from one address; the answer says no more than a
# wrong password does.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "baophu.web.accounts.views.locked_out"
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code"]

SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "baophu.web.views.stale_form"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "baophu_session", "baophu_csrf"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if SECURE else []
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static", ("fonts", HERE.parent / "reports" / "fonts")]
STATIC_ROOT = HOME / "site" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}},
    # Pictures of charts: few, since they are drawn in a fifth of a second.
    "charts": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "charts",
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
    "rates": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "rates",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
# Requests of a key or a person in a minute, and refused ones of an address, in each of the server's processes.
API_RATE = int(os.environ.get("BAOPHU_API_RATE", "600"))
API_FAILURES = 30

# For how many days the files of exports are kept.
EXPORT_DAYS = int(os.environ.get("BAOPHU_EXPORT_DAYS", "7"))

LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_THOUSAND_SEPARATOR = False
SILENCED_SYSTEM_CHECKS: list[str] = []

# What goes to the log: the place of an error, never what a person typed or is.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"no_persons": {"()": "baophu.web.logs.NoPersons"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_persons"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
