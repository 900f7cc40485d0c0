"""Settings, read from top to bottom; every variable stands in .env.example with its meaning."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from agencies.keyring import parse_keyring
from config.environment import (
    env,
    read_bool,
    read_choice,
    read_database,
    read_email,
    read_int,
    read_list,
    read_secret,
    read_text,
    read_url,
)
from config.unfold import STAFF_UNFOLD, UNFOLD  # noqa: F401  (settings of the admin theme)

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_env(BASE_DIR / ".env")

# Development's defaults: secrets that are none, no TLS. The demo takes them with the pages of production.
IS_DEVELOPMENT = read_bool("DEBUG", True)
DEBUG = IS_DEVELOPMENT and read_bool("DEBUG_PAGES", True)
SECRET_KEY = read_secret("SECRET_KEY", IS_DEVELOPMENT, "development-only-never-in-production-0123456789abcdef")
# 32 zero bytes: good for a laptop's demo data and for nothing else.
FIELD_KEYRING = parse_keyring(
    read_secret("FIELD_KEYS", IS_DEVELOPMENT, "development:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
)

SITE_URL = read_url("SITE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if IS_DEVELOPMENT else [])
if not IS_DEVELOPMENT and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set: name the hosts that this site answers to.")
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS", [])

# --- What is installed ---
INSTALLED_APPS = [
    "daphne",  # first: it brings the ASGI runserver
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
    "agencies",
    "properties",
    "chat",
]
MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # runserver serves the files of a checkout by itself.
    *([] if IS_DEVELOPMENT else ["whitenoise.middleware.WhiteNoiseMiddleware"]),
    "config.middleware.ContentSecurityPolicy",
    "agencies.middleware.AgencyMiddleware",
    "properties.language.AgencyLanguage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# --- Data ---
DATABASES = {"default": read_database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = read_url("REDIS_URL", "", schemes=("redis", "rediss"))
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

# --- People ---
AUTH_USER_MODEL = "agencies.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "/admin/login/"
# Failed logins are counted by account and address.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = read_int("LOGIN_FAILURES", 5, minimum=1)
AXES_COOLOFF_TIME = timedelta(minutes=read_int("LOGIN_WAIT_MINUTES", 15, minimum=1))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "agencies.logins.account"
AXES_CLIENT_IP_CALLABLE = "agencies.logins.client_address"
AXES_CLIENT_STR_CALLABLE = "agencies.logins.log_name"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # its middleware is left out: see agencies/logins.py

# --- Words and places ---
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True

# --- Files ---
STATIC_URL = "/static/"
STATIC_ROOT = Path(read_text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(read_text("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_DEVELOPMENT
        else "config.storage.HashedStaticFiles"
    },
}
MAX_UPLOAD_MB = read_int("MAX_UPLOAD_MB", 25, minimum=1)
MAX_IMAGE_MEGAPIXELS = read_int("MAX_IMAGE_MEGAPIXELS", 64, minimum=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # one listing is edited on one page, with its rooms and pictures

# --- Chat ---
CHAT_MESSAGE_CHARACTERS = read_int("CHAT_MESSAGE_CHARACTERS", 2000, minimum=1)
CHAT_ANSWER_CHARACTERS = read_int("CHAT_ANSWER_CHARACTERS", 8000, minimum=1)
CHAT_VISITOR_MESSAGES = read_int("CHAT_VISITOR_MESSAGES", 20)
CHAT_VISITOR_WINDOW_SECONDS = read_int("CHAT_VISITOR_WINDOW_SECONDS", 300, minimum=1)
CHAT_VISITOR_LEADS = read_int("CHAT_VISITOR_LEADS", 10)
CHAT_PROPERTY_DAILY_MESSAGES = read_int("CHAT_PROPERTY_DAILY_MESSAGES", 500)
CHAT_HISTORY_MESSAGES = read_int("CHAT_HISTORY_MESSAGES", 16)
CHAT_HISTORY_CHARACTERS = read_int("CHAT_HISTORY_CHARACTERS", 8000)
CHAT_TOOL_ROUNDS = read_int("CHAT_TOOL_ROUNDS", 4)
CHAT_TOOL_SECONDS = read_int("CHAT_TOOL_SECONDS", 5, minimum=1)
CHAT_ROUND_SECONDS = read_int("CHAT_ROUND_SECONDS", 30, minimum=1)
CHAT_TOTAL_SECONDS = read_int("CHAT_TOTAL_SECONDS", 60, minimum=1)

# --- Security ---
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not IS_DEVELOPMENT
SECURE_SSL_REDIRECT = read_bool("SECURE_SSL_REDIRECT", not IS_DEVELOPMENT)
SECURE_HSTS_SECONDS = read_int("SECURE_HSTS_SECONDS", 0 if IS_DEVELOPMENT else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not IS_DEVELOPMENT
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
IS_BEHIND_PROXY = read_bool("BEHIND_PROXY", False)
if IS_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- The agent ---
ENGINE_URL = read_url("ENGINE_URL", "http://127.0.0.1:8100/v1")
ENGINE_API_KEY = read_secret("ENGINE_API_KEY", IS_DEVELOPMENT, "development-engine-key")
ENGINE_TEXT_MODEL = read_text("ENGINE_TEXT_MODEL", "openhouse-thinker")
# Providers are reached by https alone, but for a server on a developer's own machine.
PROVIDER_ALLOW_HTTP = read_bool("PROVIDER_ALLOW_HTTP", IS_DEVELOPMENT)

# --- Mail ---
vars().update(read_email("EMAIL_URL", "consolemail://"))
EMAIL_TIMEOUT = read_int("EMAIL_TIMEOUT", 10, minimum=1)
DEFAULT_FROM_EMAIL = read_text("DEFAULT_FROM_EMAIL", "Openhouse <noreply@localhost>")

# --- REST ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["config.api.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["config.api.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.handle_exception",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # `?format=` is an unknown parameter like any other
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Openhouse",
    "DESCRIPTION": "The published homes of one agency: read them, their facts and knowledge, and ask them questions.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
    "ENUM_NAME_OVERRIDES": {
        "AreaUnitsEnum": "properties.enums.AreaUnits",
        "FrequencyEnum": "properties.enums.Frequency",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.document_errors",
    ],
}

# --- Logs ---
LOG_LEVEL = read_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "config.logs.ContextFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s agency=%(agency)s request=%(request_id)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["context"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Django gives its own loggers a console and a level: one line each, from the root, is enough.
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL},
        # runserver's line per request; what failed has its line from django.request already.
        "django.channels.server": {"level": "INFO", "propagate": LOG_LEVEL in ("DEBUG", "INFO")},
    },
}

django_stubs_ext.monkeypatch()
