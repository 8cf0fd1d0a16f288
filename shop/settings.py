"""The one settings module: read from the environment once, typed.

Every variable the project reads is a field of `Environment`; the table in the
README is generated from it.
"""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import dj_database_url
from pydantic import Field
from pydantic_settings import BaseSettings

from shop import embedded, logs

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(BaseSettings):
    """What a deployment may set."""

    database_url: str = Field("", description="PostgreSQL to use; empty: the embedded one")
    broker_url: str = Field("", description="Redis/Valkey or RabbitMQ; empty: the embedded Valkey")
    shop_state: Path = Field(BASE_DIR / "var", description="folder of everything that is state")
    shop_host: str = Field("127.0.0.1", description="address the web process listens on")
    shop_port: int = Field(8000, description="port of the shop")
    flower_port: int = Field(5555, description="port of Flower (always on 127.0.0.1)")
    flower_password: str = Field("flower", description="Flower's password (user `flower`)")
    secret_key: str = Field("insecure-development-key", description="Django's secret key")
    debug: bool = Field(False, description="Django's debug pages")
    allowed_hosts: str = Field("localhost,127.0.0.1,[::1]", description="host names, by comma")
    log_format: Literal["text", "json"] = Field(
        "text", description="log lines for people or machines"
    )
    log_level: str = Field("INFO", description="lowest level that is logged")
    worker_concurrency: int = Field(1, ge=1, description="processes per app's worker")
    currency: str = Field("EUR", description="currency of the demo shop (ISO 4217)")
    email_url: str = Field(
        "", description="SMTP server, smtp://user:password@host:port; empty: files"
    )
    staff_email: str = Field("staff@shop.example", description="who is told of low stock")
    from_email: str = Field("shop@shop.example", description="sender of the shop's mails")
    order_expires_after: float = Field(
        3 * 86400, description="seconds until an unfinished order ends"
    )
    cart_reminder_after: float = Field(
        86400, description="seconds until a cart left alone is recalled"
    )
    carrier_transit: float = Field(3, description="seconds a parcel of the sandbox carrier travels")
    gateway_slow: float = Field(2, description="seconds the sandbox processor's slow card takes")
    low_stock: int = Field(5, ge=0, description="free units at which StockLow is stated")
    fraud_flag_score: int = Field(50, description="score from which staff must decide")
    fraud_refuse_score: int = Field(90, description="score from which an order is refused")
    bus_overdue_after: float = Field(
        20, description="seconds until an unanswered delivery is sent again"
    )
    bus_retry_base: float = Field(
        1, description="seconds before the first retry; doubles each time"
    )
    bus_max_attempts: int = Field(8, ge=1, description="attempts before a reaction is parked")
    bus_lease: float = Field(
        60, description="seconds a relay or an outside call may hold its claim"
    )


env = Environment()
STATE = env.shop_state.resolve()

SECRET_KEY = env.secret_key
DEBUG = env.debug
ALLOWED_HOSTS = env.allowed_hosts.split(",")
ROOT_URLCONF = "shop.urls"
ASGI_APPLICATION = "shop.asgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: A reacting app is a top-level folder with reactions: a new one needs no edit here.
REACTING_APPS = sorted(path.parent.name for path in BASE_DIR.glob("*/reactions.py"))

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "djmoney",
    "django_fsm",
    "shop.bus",
    "shop.catalogue",
    "shop.storefront",
    *REACTING_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

DATABASES = {
    "default": dj_database_url.parse(
        env.database_url or embedded.database_url(STATE), conn_max_age=600
    )
}
BROKER_URL = env.broker_url or embedded.broker_url(STATE)

LOGGING_CONFIG = "shop.logs.apply"
LOGGING = logs.logging_config(env.log_format, env.log_level)

STATIC_URL = "static/"
STATIC_ROOT = STATE / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = STATE / "media"

DEFAULT_CURRENCY = env.currency
DEFAULT_FROM_EMAIL = env.from_email

BUS_OVERDUE_AFTER = timedelta(seconds=env.bus_overdue_after)
BUS_RETRY_BASE = timedelta(seconds=env.bus_retry_base)
BUS_MAX_ATTEMPTS = env.bus_max_attempts
BUS_LEASE = timedelta(seconds=env.bus_lease)
WORKER_CONCURRENCY = env.worker_concurrency

ORDER_EXPIRES_AFTER = timedelta(seconds=env.order_expires_after)
CART_REMINDER_AFTER = timedelta(seconds=env.cart_reminder_after)
CARRIER_TRANSIT = timedelta(seconds=env.carrier_transit)
GATEWAY_SLOW = timedelta(seconds=env.gateway_slow)
LOW_STOCK = env.low_stock
STAFF_EMAIL = env.staff_email
FRAUD_FLAG_SCORE = env.fraud_flag_score
FRAUD_REFUSE_SCORE = env.fraud_refuse_score
POINTS_PER_UNIT = Decimal(1)
