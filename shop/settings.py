"""Django's settings, from what the environment says."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from dotenv import dotenv_values

from shop import bridges, connections, logs, production
from shop.backoffice import change_log_settings
from shop.backoffice.csv_format import SpreadsheetCSV
from shop.backoffice.theme import UNFOLD as UNFOLD
from shop.environment import (
    BASE_DIR,
    DEVELOPMENT_SECRET_KEY,
    REACTING_APPS,
    SERVERS_FILE,
    names_in,
    read_environment,
)
from shop.ratelimit import rates

#: Where servers are looked for that nobody has named.
LOCAL_DATABASE, LOCAL_BROKER = "postgresql:///shop", "redis://127.0.0.1:6379/0"

env = read_environment()
PRODUCTION = production.is_production(env)
if PRODUCTION:
    production.refuse_unsafe(env)
STATE = env.shop_state.resolve()
#: Where the servers are that `make run` has started.
_servers = dotenv_values(STATE / SERVERS_FILE)

SECRET_KEY = env.secret_key
SECRET_KEY_FALLBACKS = [k for key in env.secret_key_fallbacks.split(",") if (k := key.strip())]
#: Outlives SECRET_KEY: what was forgotten or blocked is recognised for ever.
EVENTBUS_FINGERPRINT_KEY = env.fingerprint_key or (
    [SECRET_KEY, *SECRET_KEY_FALLBACKS][-1] if PRODUCTION else DEVELOPMENT_SECRET_KEY
)
DEBUG = env.debug
ALLOWED_HOSTS = [host.strip() for host in env.allowed_hosts.split(",")]
ROOT_URLCONF = "shop.urls"
ASGI_APPLICATION = "shop.asgi.application"
USE_TZ = True
TIME_ZONE = env.time_zone
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "shop" / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: The packages that are ours: whatever is in them is checked, translated and documented.
OUR_PACKAGES = sorted({"eventbus", "devtools", "shop", *REACTING_APPS})
#: Every app that has a worker, by name: the module of each.
WORKER_MODULES = env.worker_modules

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
    "eventbus.contracts",
    "eventbus.operations",
    "eventbus.history",
    "eventbus.inbound",
    "shop.ratelimit",
    "shop.storefront",
    "catalogue.search",
    # After the storefront, whose templates replace allauth's.
    "allauth",
    "allauth.account",
    "shop.api",
    "eventbus.console",
    "shop.audit",
    *WORKER_MODULES.values(),
    *(["shop.webhooks"] if "webhooks" in WORKER_MODULES else []),
    # Last: its admin dresses what others have registered.
    "shop.backoffice",
]
if not PRODUCTION:
    INSTALLED_APPS.append("devtools")

MIDDLEWARE = [
    "shop.web.security_headers.ContentSecurityPolicy",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.storefront.compression.CompressPages",
    "shop.storefront.session_backend.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shop.invisible_characters.RemoveInvisibleCharacters",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "shop.ratelimit.devices.keep_device",
]

#: Everything comes from here, but for pictures of products, which may be at their maker's.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "https:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}

AUTHENTICATION_BACKENDS = [
    # Whoever tried too many passwords is not asked for another.
    "axes.backends.AxesStandaloneBackend",
    # Staff log in to the admin by name, customers to the shop by e-mail address.
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
SESSION_ENGINE = "shop.storefront.session_backend"
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
AXES_HANDLER = "shop.ratelimit.lockout.CountFirstHandler"
AXES_USERNAME_CALLABLE = "shop.ratelimit.lockout.login_name"
AXES_CLIENT_IP_CALLABLE = "shop.ratelimit.client_address.client_ip"
AXES_LOCKOUT_CALLABLE = "shop.ratelimit.lockout.lockout_response"
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
    connections.database_settings, connect_within=env.connect_within, silence=env.silence_limit
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
EVENTBUS_TCP_OPTIONS = connections.tcp_options(env.silence_limit)

LOGGING_CONFIG = "shop.logs.apply"
LOGGING = logs.logging_config(env.log_format, env.log_level)

STATIC_URL = "static/"
STATIC_ROOT = STATE / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shop.storefront.static_storage.StaticFiles"},
}
MEDIA_URL = "media/"
MEDIA_ROOT = STATE / "media"

DEFAULT_CURRENCY = env.currency
#: Amounts are shown as they are charged: with cents, also where people leave them out.
MONEY_FORMAT = {"currency_digits": False}

#: Accounts, of which a part is written down when staff change it; see `shop.backoffice.change_log`.
AUDITLOG_INCLUDE_TRACKING_MODELS = [
    *change_log_settings.MODELS,
    *(change_log_settings.WEBHOOKS if "webhooks" in WORKER_MODULES else []),
]

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
EVENTBUS_LATENCY_BUDGET = timedelta(seconds=env.latency_budget)
EVENTBUS_LATENCY_BUDGET_PERCENT = env.latency_budget_percent
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
EVENTBUS_BATCH_SIZE = env.eventbus_batch_size
EVENTBUS_BATCH_WITHIN = timedelta(seconds=env.eventbus_batch_within)
EVENTBUS_BATCH_LINGER = timedelta(seconds=env.eventbus_batch_linger)
EVENTBUS_KAFKA = bridges.kafka_options(env)
EVENTBUS_KAFKA_PERSONAL = names_in(env.kafka_personal)
EVENTBUS_KAFKA_TOPICS = names_in(env.kafka_topics)
EVENTBUS_EVENTBRIDGE_BUS = env.eventbridge_bus
EVENTBUS_EVENTBRIDGE_ENDPOINT = env.eventbridge_endpoint
EVENTBUS_EVENTBRIDGE_PERSONAL = names_in(env.eventbridge_personal)
EVENTBUS_SERVICEBUS_CONNECTION_STRING = env.servicebus_connection_string
EVENTBUS_SERVICEBUS_TOPIC = env.servicebus_topic
EVENTBUS_SERVICEBUS_PERSONAL = names_in(env.servicebus_personal)
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
#: What customers may have told to their own web servers: of their own orders.
EVENTBUS_WEBHOOKS_EVENTS = [
    "orders.OrderPlaced",
    "orders.OrderReduced",
    "orders.OrderCancelled",
    "orders.OrderCompleted",
    "billing.PaymentFailed",
    "billing.PaymentCompleted",
    "billing.PaymentRefunded",
    "shipping.OrderShipped",
    "shipping.OrderDelivered",
    "orders.ReturnRequested",
    "orders.ReturnApproved",
    "orders.ReturnRefused",
    "orders.ReturnReceived",
]
EVENTBUS_WEBHOOKS_RETRY_AFTER = [
    timedelta(seconds=int(wait)) for wait in env.webhooks_retry_after.split(",")
]
EVENTBUS_WEBHOOKS_TIMEOUT = timedelta(seconds=env.webhooks_timeout)
EVENTBUS_WEBHOOKS_DISABLE_AFTER = timedelta(seconds=env.webhooks_disable_after)
EVENTBUS_WEBHOOKS_KEEP = timedelta(days=env.webhooks_keep)
EVENTBUS_WEBHOOKS_ALLOW_LOCAL = env.webhooks_allow_local
METRICS_TOKEN = env.metrics_token
EVENTBUS_OTLP_ENDPOINT = env.otlp_endpoint
EVENTBUS_RELEASE = env.release
EVENTBUS_WORKER_CONCURRENCY = env.worker_concurrency

ORDER_EXPIRES_AFTER = timedelta(seconds=env.order_expires_after)
PAY_AGAIN_WITHIN = timedelta(seconds=env.pay_again_within)
PAYMENT_CHALLENGE_TIMEOUT = timedelta(seconds=env.payment_challenge_timeout)
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
ANSWER_LATE_AFTER = timedelta(seconds=env.answer_late_after)
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
