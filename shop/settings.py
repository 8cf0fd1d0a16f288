"""The one settings module: read from the environment once, typed.

Every variable the project reads is a field of `Environment`; the table in the
README is generated from it.
"""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import moneyed
from dotenv import dotenv_values
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shop import connecting, logs, production
from shop.backoffice import change_log_settings
from shop.backoffice.csv_format import SpreadsheetCSV
from shop.backoffice.theme import UNFOLD as UNFOLD
from shop.handed_on import (
    BearerToken,
    BrokerAddress,
    DatabaseAddress,
    Days,
    ExistingFile,
    FlowerPassword,
    Folder,
    HeaderText,
    Host,
    Hosts,
    Mailbox,
    MailServer,
    Plain,
    Seconds,
    SiteAddress,
    TimeZone,
    WebAddress,
)
from shop.ratelimit import rates

#: Where servers are looked for that nobody has named.
LOCAL_DATABASE, LOCAL_BROKER = "postgresql:///shop", "redis://127.0.0.1:6379/0"
BASE_DIR = Path(__file__).resolve().parent.parent


#: Currencies that have fifths, whatever tables say (ISO 4217, note to MGA and MRU).
SPLIT_IN_FIVE = ("MGA", "MRU")


class Environment(BaseSettings):
    """What a deployment may set."""

    model_config = SettingsConfigDict(allow_inf_nan=False)

    database_url: DatabaseAddress = Field(
        "", description="PostgreSQL to use; empty: the one that `make run` starts"
    )
    database_direct_url: DatabaseAddress = Field(
        "",
        description="the same PostgreSQL past the pooler, where DATABASE_URL is one that gives out "
        "connections by transaction (pgbouncer); empty: there is none",
    )
    broker_url: BrokerAddress = Field(
        "", description="Redis/Valkey or RabbitMQ; empty: the Valkey that `make run` starts"
    )
    broker_ca: ExistingFile = Field(
        "",
        description="PEM file of who signed the certificate of a broker at amqps:// or rediss://; "
        "empty: whom this machine trusts",
    )
    connect_within: int = Field(
        5,
        ge=1,
        le=60,
        description="seconds in which the database and the broker must answer a new connection",
    )
    silence_limit: int = Field(
        15,
        ge=3,
        le=600,
        description="seconds after which a connection to the database or the "
        "broker is given up whose other side has gone silent without closing it",
    )
    shop_state: Folder = Field(BASE_DIR / "var", description="folder of everything that is state")
    shop_host: Host = Field(
        "127.0.0.1",
        description="address the web process listens on; one that other machines reach "
        "makes it production",
    )
    shop_port: int = Field(8000, ge=1, le=65535, description="port of the shop")
    flower_port: int = Field(
        5555, ge=1, le=65535, description="port of Flower (always on 127.0.0.1)"
    )
    flower_password: FlowerPassword = Field(
        production.DEVELOPMENT_FLOWER_PASSWORD,
        min_length=1,
        description="Flower's password (user `flower`)",
    )
    shop_run_exclude: Plain = Field(
        "", description="what `make run` leaves out, by comma: web, relay, flower, demo, an app"
    )
    shop_ready_within: Seconds = Field(
        180, description="seconds `make run` waits until all is ready"
    )
    shop_stop_within: int = Field(
        3,
        ge=1,
        description="seconds each program has to end what it is doing when `make run` ends; "
        "what is not done by then is done when it runs again",
    )
    secret_key: Plain = Field(
        production.DEVELOPMENT_SECRET_KEY, min_length=1, description="Django's secret key"
    )
    secret_key_fallbacks: Plain = Field(
        "",
        description="secret keys from before, by comma: what they signed still counts",
    )
    fingerprint_key: Plain = Field(
        "",
        description="secret by which blocks and erasures recognise an address; needed in "
        "production, and never changed. Empty: the oldest of SECRET_KEY_FALLBACKS, else SECRET_KEY",
    )
    debug: bool = Field(False, description="Django's debug pages")
    allowed_hosts: Hosts = Field("localhost,127.0.0.1,[::1]", description="host names, by comma")
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=10,
        description="proxies of yours before the shop, each of which adds to X-Forwarded-For; "
        "the last sets X-Forwarded-Proto",
    )
    hsts_seconds: int = Field(
        365 * 86400,
        ge=0,
        description="seconds for which browsers remember that the shop speaks https alone",
    )
    rate_limits: Plain = Field(
        "",
        description="how often one visitor may try, rule=times/seconds by comma; "
        f"what is not named stays at {rates.USUAL.replace(',', ', ')}",
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="log lines for people or machines"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", description="lowest level that is logged"
    )
    metrics_token: BearerToken = Field(
        "",
        description="bearer token with which /metrics is read; empty: this machine alone reads it",
    )
    otlp_endpoint: WebAddress = Field(
        "",
        description="where traces go, OTLP over HTTP, like http://127.0.0.1:4318/v1/traces; "
        "empty: no traces",
    )
    release: Plain = Field(
        "development",
        max_length=100,
        description="name of the code that runs, such as a tag: operators see it of each worker",
    )
    worker_concurrency: int = Field(1, ge=1, description="processes per app's worker")
    time_zone: TimeZone = Field(
        "UTC",
        description="the shop's time zone, such as Europe/Vienna: people read times in it, "
        "and days begin and end in it; what is kept is UTC",
    )
    currency: Plain = Field(
        "EUR", description="the shop's currency (ISO 4217), one that has hundredths"
    )
    email_url: MailServer = Field(
        "",
        description="mail server, smtp://user:password@host:port, "
        "smtps:// (TLS) or smtp+tls:// (STARTTLS); empty: mails go to files",
    )
    staff_email: Mailbox = Field(
        "staff@shop.example",
        description="who is told of low stock, disputes, refunds that failed, alerts",
    )
    from_email: Mailbox = Field(
        "Hearth & Sill <shop@shop.example>",
        description="sender of the shop's mails, under the name they call the shop by",
    )
    shop_url: SiteAddress = Field(
        "", description="address of the shop in its mails; empty: http://SHOP_HOST:SHOP_PORT"
    )
    order_expires_after: Seconds = Field(
        3 * 86400, description="seconds until an unfinished order ends"
    )
    pay_again_within: Seconds = Field(
        900, ge=0, description="seconds in which a refused payment can be made with another card"
    )
    answer_within: Seconds = Field(
        900, gt=0, description="seconds in which the bank's question about a payment is answered"
    )
    unpaid_at_most: Seconds = Field(
        3600,
        ge=0,
        description="seconds up to which an order waits for a shopper who is there to see it",
    )
    most_unpaid_orders: int = Field(
        10, ge=0, description="orders that one visitor may have unpaid at a time; 0: any number"
    )
    most_unpaid_units: int = Field(
        1000, ge=1, description="units that one visitor may have in unpaid orders at a time"
    )
    shop_country: Plain = Field(
        "DE",
        pattern="^[A-Z]{2}$",
        description="where the shop is (ISO 3166-1 alpha-2): its tax is due on what is picked up",
    )
    shop_region: Plain = Field("", description="state or province of the shop, as tax zones say it")
    shop_postcode: Plain = Field(
        "", description="postcode of the shop, where its taxes differ by it"
    )
    shipping_tax: Literal["goods", "standard"] = Field(
        "goods", description="rate of delivery: that of the goods, in proportion; or the standard"
    )
    seller: Plain = Field(
        "Hearth & Sill|1 Example Street|10115 Berlin|Germany|VAT ID DE000000000",
        description="who sells, as on invoices: lines separated by |",
    )
    cart_reminder_after: Seconds = Field(
        86400, description="seconds until a cart left alone is recalled"
    )
    keep_carts: Days = Field(
        180,
        ge=30,
        description="days a cart is kept after its last change, and history says whose it was",
    )
    keep_wishes: Days = Field(
        365, ge=1, description="days somebody waits to hear that something can be bought again"
    )
    keep_mails: Days = Field(
        365, ge=30, description="days the text and reader of a mail are kept; that it was is kept"
    )
    keep_logs: Days = Field(
        30,
        ge=1,
        description="days lines of the logs in SHOP_STATE are kept at least; at most twice as long",
    )
    packing_time: Seconds = Field(
        10,
        ge=0,
        le=30 * 86400,
        description="seconds of packing before a billed order leaves; 0: it leaves at once",
    )
    carrier_transit: Seconds = Field(
        3, description="seconds a parcel of the sandbox carrier travels"
    )
    return_window: Days = Field(
        30,
        ge=0,
        le=10 * 365,
        description="days after delivery in which returns need nobody's approval",
    )
    payment_gateway: Literal["sandbox", "stripe"] = Field("sandbox", description="card processor")
    stripe_secret_key: HeaderText = Field("", description="Stripe's secret key (sk_...)")
    stripe_webhook_secret: HeaderText = Field(
        "", description="secret (whsec_...) of Stripe's messages to /billing/stripe/webhook/"
    )
    stripe_api_base: SiteAddress = Field("", description="address of another Stripe, for tests")
    story_patience: Seconds = Field(
        30, ge=0, description="seconds after which an order page says that an answer is late"
    )
    web_requests: int = Field(
        30,
        ge=1,
        description="requests that one web process works on at a time, each with a connection to "
        "the database; further ones wait a moment, then are asked to come back",
    )
    live_streams: int = Field(
        5000, ge=0, description="order pages that one web process keeps up to date by itself"
    )
    gateway_slow: Seconds = Field(2, description="seconds the sandbox processor's slow card takes")
    low_stock: int = Field(5, ge=0, description="free units at which StockLow is stated")
    fraud_flag_score: int = Field(50, description="score from which staff must decide")
    fraud_refuse_score: int = Field(90, description="score from which an order is refused")
    fraud_velocity_orders: int = Field(
        5, ge=2, description="orders of one shopper within the window that look odd"
    )
    fraud_velocity_window: Seconds = Field(600, description="seconds that window is long")
    fraud_amount_factor: int = Field(
        10, ge=2, description="times a customer's mean order from which an amount looks odd"
    )
    fraud_cards_per_day: int = Field(
        6, ge=2, description="different cards of one shopper within a day that look odd"
    )
    api_rate: int = Field(
        600, ge=1, description="requests a minute that the API takes from one address"
    )
    eventbus_overdue_after: Seconds = Field(
        20, description="seconds until an unanswered delivery is sent again"
    )
    eventbus_retry_base: Seconds = Field(
        1, description="seconds before the first retry; doubles each time"
    )
    eventbus_max_attempts: int = Field(8, ge=1, description="attempts before a reaction is parked")
    reaction_overdue: Seconds = Field(
        60, gt=0, description="seconds until an event nobody has answered counts as overdue"
    )
    alert_queue_age: Seconds = Field(
        300, gt=0, description="seconds an event may wait before an alert is raised"
    )
    alert_failures: float = Field(
        20, gt=0, le=100, description="percent of an app's reactions that may fail without an alert"
    )
    alert_outbox_age: Seconds = Field(
        60, gt=0, description="seconds an event may be unpublished before an alert is raised"
    )
    alert_order_age: Seconds = Field(
        3600, gt=0, description="seconds an order may take to be shipped before it is stuck"
    )
    alert_servers_away: Seconds = Field(
        10,
        ge=0,
        description="seconds a relay may be without the database or the broker before "
        "it tells staff so itself",
    )
    alert_webhook: WebAddress = Field(
        "", description="web address that alerts are posted to as JSON"
    )
    audit_every: Seconds = Field(
        3600, ge=0, description="seconds between audits of every promise; 0: only when asked for"
    )
    eventbus_keys: Plain = Field(
        production.DEVELOPMENT_BUS_KEY,
        description="secrets that sign messages on the broker, by comma: the first signs, "
        "all are accepted",
    )
    eventbus_max_event: int = Field(
        1024 * 1024, ge=1024, description="bytes of JSON that one event may have at most"
    )
    eventbus_compact_every: Seconds = Field(
        3600,
        ge=0,
        description="seconds between rewrites of the append-only file of Redis/Valkey, in which "
        "what was read stays till then; 0: only once somebody was erased",
    )
    eventbus_lease: Seconds = Field(
        60, description="seconds a relay or an outside call may hold its claim"
    )

    eventbus_crash_at: Plain = Field(
        "",
        description="for tests alone: a folder, in which a file named as a step of the bus "
        "has the process that gets there kill itself, once",
    )

    @field_validator("eventbus_keys")
    @classmethod
    def _keys_are_some(cls, keys: str) -> str:
        if not all(map(str.strip, keys.split(","))):
            raise ValueError("has an empty key; name secrets, by comma")
        return keys

    @field_validator("rate_limits")
    @classmethod
    def _rates_are_known(cls, text: str) -> str:
        rates.rates(text)
        return text

    @field_validator("currency")
    @classmethod
    def _currency_has_hundredths(cls, code: str) -> str:
        if code not in moneyed.CURRENCIES:
            raise ValueError("is no currency's code of three capital letters, such as EUR")
        if moneyed.CURRENCIES[code].sub_unit != 100 or code in SPLIT_IN_FIVE:
            raise ValueError("cannot be split into hundredths, in which the shop counts")
        return code

    @field_validator("stripe_secret_key", "stripe_webhook_secret")
    @classmethod
    def _stripe_has_its_keys(cls, key: str, field: ValidationInfo) -> str:
        if field.data.get("payment_gateway") == "stripe" and not key:
            raise ValueError("is needed for PAYMENT_GATEWAY=stripe; Stripe's dashboard has it")
        return key


def _read_environment() -> Environment:
    """Raises SystemExit with a line per variable that is wrong."""
    try:
        read = Environment()
    except ValidationError as error:
        faults = [f"{str(e['loc'][0]).upper()}={_shown(e)}: {e['msg']}" for e in error.errors()]
        raise SystemExit("\n".join(faults)) from None
    if production.is_production(read) and (faults := production.faults(read)):
        raise SystemExit("\n".join(faults))
    return read


def _shown(error: Any) -> str:
    """What was wrong, but for what nobody else should read."""
    name = str(error["loc"][0])
    is_secret = any(word in name for word in ("key", "password", "secret", "token", "url"))
    return "..." if is_secret else repr(error["input"])


env = _read_environment()
STATE = env.shop_state.resolve()
#: Where the servers are that `make run` has started.
_servers = dotenv_values(STATE / "environment")

SECRET_KEY = env.secret_key
SECRET_KEY_FALLBACKS = [k for key in env.secret_key_fallbacks.split(",") if (k := key.strip())]
#: Outlives SECRET_KEY: what was forgotten or blocked is recognised for ever.
EVENTBUS_FINGERPRINT_KEY = env.fingerprint_key or (
    [SECRET_KEY, *SECRET_KEY_FALLBACKS][-1]
    if production.is_production(env)
    else production.DEVELOPMENT_SECRET_KEY
)
DEBUG = env.debug
PRODUCTION = production.is_production(env)
ALLOWED_HOSTS = [host.strip() for host in env.allowed_hosts.split(",")]
ROOT_URLCONF = "shop.urls"
ASGI_APPLICATION = "shop.asgi.application"
USE_TZ = True
TIME_ZONE = env.time_zone
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "shop" / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: A reacting app is a top-level folder with reactions: a new one needs no edit here.
REACTING_APPS = sorted(path.parent.name for path in BASE_DIR.glob("*/reactions.py"))
#: The packages that are ours: whatever is in them is checked, translated and documented.
OUR_PACKAGES = sorted({"eventbus", "devtools", "shop", *REACTING_APPS})

INSTALLED_APPS = [
    # Before the admin, whose templates they replace.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.import_export",
    "shop.backoffice.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "health_check",
    "django_htmx",
    "djmoney",
    "django_fsm",
    "import_export",
    "auditlog",
    "axes",
    "eventbus.delivery",
    "eventbus.messaging",
    "eventbus.operations",
    "eventbus.history",
    "shop.ratelimit",
    "shop.storefront",
    "catalogue.search",
    # After the storefront, whose templates replace allauth's.
    "allauth",
    "allauth.account",
    "shop.api",
    "eventbus.console",
    "shop.audit",
    "devtools",
    *REACTING_APPS,
    # Last: its admin dresses what others have registered.
    "shop.backoffice",
]

MIDDLEWARE = [
    "shop.storefront.policy.guard_pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.storefront.compression.CompressPages",
    "shop.storefront.sessions.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shop.typed.OnlyVisible",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "shop.ratelimit.devices.keep_device",
]

AUTHENTICATION_BACKENDS = [
    # Whoever tried too many passwords is not asked for another.
    "axes.backends.AxesStandaloneBackend",
    # Staff log in to the admin by name, customers to the shop by e-mail address.
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
SESSION_ENGINE = "shop.storefront.sessions"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "storefront:account"
LOGOUT_REDIRECT_URL = "storefront:home"
ACCOUNT_ADAPTER = "shop.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "shop.storefront.forms.LoginForm",
    "signup": "shop.storefront.forms.SignUpForm",
    "reauthenticate": "shop.storefront.forms.ReauthenticateForm",
    "add_email": "shop.storefront.forms.AddEmailForm",
    "change_password": "shop.storefront.forms.ChangePasswordForm",
    "set_password": "shop.storefront.forms.SetPasswordForm",
    "reset_password": "shop.storefront.forms.ResetPasswordForm",
    "reset_password_from_key": "shop.storefront.forms.NewPasswordForm",
}
#: Nobody learns whether an address has an account: its owner is told, by mail.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
#: Addresses are changed only by who has just shown that they know the password.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
#: Besides allauth's own limits: mails to one address. Wrong passwords of one name are axes's.
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/h/key", "login_failed": "20/m/ip"}

#: Wrong passwords: so many of one name from one address close it, to that address, for a while.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "shop.ratelimit.lockout.CountedFirst"
AXES_USERNAME_CALLABLE = "shop.ratelimit.lockout.name_tried"
AXES_CLIENT_IP_CALLABLE = "shop.ratelimit.visitor.address"
AXES_LOCKOUT_CALLABLE = "shop.ratelimit.lockout.locked_out"
#: Staff have a page of ours for it; of those who log in well nothing is kept or logged.
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

RATE_LIMITS = rates.rates(env.rate_limits)
TRUSTED_PROXIES = env.trusted_proxies
#: Counts that all web processes share. Not in the broker, which may be away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "ratelimit_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the theme of the admin, some of whose templates they replace.
        "DIRS": [BASE_DIR / "shop" / "backoffice" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_database = partial(
    connecting.database, connect_within=env.connect_within, silence=env.silence_limit
)
DATABASES = {
    # No connection outlives a request: under ASGI each request has a thread of its own, whose
    # connection nobody would use again. Workers keep theirs, see `eventbus.messaging.worker`.
    "default": _database(env.database_url or _servers.get("DATABASE_URL") or LOCAL_DATABASE)
}
if env.database_direct_url:
    # A cursor of the server's own does not outlive its transaction at a pooler, nor does a LISTEN.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    EVENTBUS_DIRECT_DATABASE = "direct"
    DATABASES["direct"] = _database(env.database_direct_url) | {"TEST": {"MIRROR": "default"}}
#: What PostgreSQL ends by itself, for each kind of process. People can end their own commands.
EVENTBUS_SESSION_LIMITS = {
    "web": {
        "statement_timeout": "15s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "30s",
    },
    # Before the time limit of a worker's task, which strikes by a signal and leaves a server alone.
    "worker": {
        "statement_timeout": "25s",
        "lock_timeout": "20s",
        "idle_in_transaction_session_timeout": "1min",
    },
    # Before the longest that a piece of its work may take.
    "relay": {
        "statement_timeout": "25s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "1min",
    },
    # Each rule is a statement or two over the whole history.
    "audit": {
        "statement_timeout": "5min",
        "lock_timeout": "1min",
        "idle_in_transaction_session_timeout": "1min",
    },
}
EVENTBUS_BROKER_URL = env.broker_url or _servers.get("BROKER_URL") or LOCAL_BROKER
EVENTBUS_BROKER_CA = env.broker_ca
EVENTBUS_CONNECT_WITHIN = env.connect_within
EVENTBUS_TCP_OPTIONS = connecting.tcp_options(env.silence_limit)

LOGGING_CONFIG = "shop.logs.apply"
LOGGING = logs.logging_config(env.log_format, env.log_level)

STATIC_URL = "static/"
STATIC_ROOT = STATE / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shop.storefront.files.StaticFiles"},
}
MEDIA_URL = "media/"
MEDIA_ROOT = STATE / "media"

DEFAULT_CURRENCY = env.currency
#: Amounts are shown as they are charged: with cents, also where people leave them out.
MONEY_FORMAT = {"currency_digits": False}

#: Accounts, of which a part is written down when staff change it; see `shop.backoffice.change_log`.
AUDITLOG_INCLUDE_TRACKING_MODELS = change_log_settings.MODELS

#: Half an imported file would be worse than none.
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_FORMATS = EXPORT_FORMATS = [SpreadsheetCSV]
#: Bytes of files in one request, and rows of one that staff import.
LARGEST_UPLOAD = 5 * 1024 * 1024
MOST_IMPORTED_ROWS = 20_000
FILE_UPLOAD_HANDLERS = [
    "shop.ratelimit.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

_mail = urlsplit(env.email_url)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.email_url
    else "notifications.filebackend.EmailBackend"
)
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or {"smtps": 465, "smtp+tls": 587}.get(_mail.scheme, 25)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = STATE / "mails"
DEFAULT_FROM_EMAIL = env.from_email
SHOP_URL = env.shop_url.rstrip("/") or f"http://{env.shop_host}:{env.shop_port}"
# A shop that is reached by https sends its cookies by nothing else.
_https = SHOP_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = env.hsts_seconds if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
#: Asked by machines beside this one, which do not go through the proxy.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
CSRF_FAILURE_VIEW = "shop.storefront.views.stale.send_again"
CSRF_TRUSTED_ORIGINS = [SHOP_URL] if _https else []
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: Mails in files on one's own machine are for whoever tries the shop out there.
MAILS_PAGE_PUBLIC = not PRODUCTION and not env.email_url

API_RATE = env.api_rate

EVENTBUS_OVERDUE_AFTER = timedelta(seconds=env.eventbus_overdue_after)
EVENTBUS_RETRY_BASE = timedelta(seconds=env.eventbus_retry_base)
EVENTBUS_MAX_ATTEMPTS = env.eventbus_max_attempts
EVENTBUS_REACTION_OVERDUE = timedelta(seconds=env.reaction_overdue)
EVENTBUS_ALERT_QUEUE_AGE = timedelta(seconds=env.alert_queue_age)
EVENTBUS_ALERT_FAILURES = env.alert_failures
EVENTBUS_ALERT_OUTBOX_AGE = timedelta(seconds=env.alert_outbox_age)
ALERT_ORDER_AGE = timedelta(seconds=env.alert_order_age)
EVENTBUS_ALERT_SERVERS_AWAY = timedelta(seconds=env.alert_servers_away)
EVENTBUS_ALERT_WEBHOOK = env.alert_webhook
AUDIT_EVERY = timedelta(seconds=env.audit_every)
FLOWER_PORT = env.flower_port
EVENTBUS_KEYS = [key.strip() for key in env.eventbus_keys.split(",")]
EVENTBUS_MAX_EVENT = env.eventbus_max_event
EVENTBUS_COMPACT_EVERY = timedelta(seconds=env.eventbus_compact_every)
EVENTBUS_LEASE = timedelta(seconds=env.eventbus_lease)
EVENTBUS_CRASH_AT = env.eventbus_crash_at
EVENTBUS_NAME = "shop"
EVENTBUS_STATE = STATE
EVENTBUS_BASE_DIR = BASE_DIR
EVENTBUS_ALERT_EMAIL = env.staff_email
EVENTBUS_FLOWER_URL = f"http://127.0.0.1:{env.flower_port}/"
EVENTBUS_MODEL_ADMIN, EVENTBUS_INLINE_ADMIN = (
    "unfold.admin.ModelAdmin",
    "unfold.admin.TabularInline",
)
METRICS_TOKEN = env.metrics_token
EVENTBUS_OTLP_ENDPOINT = env.otlp_endpoint
EVENTBUS_RELEASE = env.release
EVENTBUS_WORKER_CONCURRENCY = env.worker_concurrency

ORDER_EXPIRES_AFTER = timedelta(seconds=env.order_expires_after)
PAY_AGAIN_WITHIN = timedelta(seconds=env.pay_again_within)
ANSWER_WITHIN = timedelta(seconds=env.answer_within)
UNPAID_AT_MOST = timedelta(seconds=env.unpaid_at_most)
MOST_UNPAID_ORDERS = env.most_unpaid_orders
MOST_UNPAID_UNITS = env.most_unpaid_units
SHOP_COUNTRY, SHOP_REGION, SHOP_POSTCODE = env.shop_country, env.shop_region, env.shop_postcode
SHIPPING_TAX = env.shipping_tax
SELLER = [line.strip() for line in env.seller.split("|")]
CART_REMINDER_AFTER = timedelta(seconds=env.cart_reminder_after)
KEEP_CARTS = timedelta(days=env.keep_carts)
KEEP_WISHES = timedelta(days=env.keep_wishes)
KEEP_MAILS = timedelta(days=env.keep_mails)
PACKING_TIME = timedelta(seconds=env.packing_time)
CARRIER_TRANSIT = timedelta(seconds=env.carrier_transit)
RETURN_WINDOW = timedelta(days=env.return_window)
PAYMENT_GATEWAY = env.payment_gateway
STRIPE_SECRET_KEY = env.stripe_secret_key
STRIPE_WEBHOOK_SECRET = env.stripe_webhook_secret
STRIPE_API_BASE = env.stripe_api_base
STORY_PATIENCE = timedelta(seconds=env.story_patience)
WEB_REQUESTS = env.web_requests
LIVE_STREAMS = env.live_streams
GATEWAY_SLOW = timedelta(seconds=env.gateway_slow)
LOW_STOCK = env.low_stock
STAFF_EMAIL = env.staff_email
FRAUD_FLAG_SCORE = env.fraud_flag_score
FRAUD_REFUSE_SCORE = env.fraud_refuse_score
FRAUD_VELOCITY_ORDERS = env.fraud_velocity_orders
FRAUD_VELOCITY_WINDOW = timedelta(seconds=env.fraud_velocity_window)
FRAUD_AMOUNT_FACTOR = env.fraud_amount_factor
FRAUD_CARDS_PER_DAY = env.fraud_cards_per_day
POINTS_PER_UNIT = Decimal(1)
#: What a point pays, in the shop's currency.
POINT_VALUE = Decimal("0.01")
