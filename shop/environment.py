"""What a deployment may set, as environment variables: typed, and checked at the start.

Every variable the project reads is a field of `Environment`; docs/settings.md is made from it.
The settings import this module, and so do tools before there are settings: it needs no Django.
"""

from pathlib import Path
from typing import Any, Literal

import moneyed
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shop.ratelimit import rates
from shop.setting_types import (
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

BASE_DIR = Path(__file__).resolve().parent.parent
#: A reacting app is a top-level folder with reactions: a new one needs no edit here.
REACTING_APPS = sorted(path.parent.name for path in BASE_DIR.glob("*/reactions.py"))
#: The bridges of the bus. BRIDGES says which of them are reacting apps here.
BRIDGES = sorted(path.parent.name for path in BASE_DIR.glob("eventbus/bridges/*/reactions.py"))
#: The file in SHOP_STATE that names the servers of this machine, as variables of the environment.
SERVERS_FILE = "environment"

DEVELOPMENT_SECRET_KEY = "insecure-development-key"
DEVELOPMENT_BUS_KEY = "insecure-development-bus-key"
DEVELOPMENT_FLOWER_PASSWORD = "flower"

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
        DEVELOPMENT_FLOWER_PASSWORD,
        min_length=1,
        description="Flower's password (user `flower`)",
    )
    shop_run_exclude: Plain = Field(
        "",
        description="left out of `make run`, by comma: web, relay, inbound, flower, "
        "demo, tour, an app",
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
        DEVELOPMENT_SECRET_KEY, min_length=1, description="Django's secret key"
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
        f"what is not named stays at {rates.DEFAULT_RATES.replace(',', ', ')}",
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
    payment_challenge_timeout: Seconds = Field(
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
    answer_late_after: Seconds = Field(
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
    low_stock: int = Field(5, ge=0, description="free units at which StockLow is emitted")
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
    latency_budget: Seconds = Field(
        5, gt=0, le=3600, description="seconds in which an app is to react, unless set for it"
    )
    latency_budget_percent: float = Field(
        99, ge=1, le=99.999, description="percent of reactions that are to be done within it"
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
        3600,
        ge=0,
        description="most seconds between audits of every promise: one follows each minute while "
        "it takes 2 s or less, and else after 30 times as long; 0: only when asked for",
    )
    eventbus_keys: Plain = Field(
        DEVELOPMENT_BUS_KEY,
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

    eventbus_batch_size: int = Field(
        50, ge=1, description="messages that a worker's process takes at most in one transaction"
    )
    eventbus_batch_within: Seconds = Field(
        0.5, ge=0, description="seconds after which a batch of them begins no further reaction"
    )
    eventbus_batch_linger: Seconds = Field(
        0.2,
        ge=0,
        description="seconds in which messages gather for an app whose work no other app waits "
        "for: figures, lists, mails",
    )

    bridges: Plain = Field(
        "",
        description="bridges to foreign systems that are on, by comma, see docs/bridges.md: "
        "an app with a worker each",
    )
    kafka_servers: Plain = Field("", description="Kafka's bootstrap servers, host:port by comma")
    kafka_security: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = Field(
        "plaintext", description="how Kafka is spoken to"
    )
    kafka_ca: ExistingFile = Field(
        "",
        description="PEM file of who signed the certificate of Kafka; empty: whom this machine "
        "trusts",
    )
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="how a user logs in to Kafka"
    )
    kafka_user: Plain = Field("", description="Kafka's user, where KAFKA_SECURITY has sasl")
    kafka_password: Plain = Field("", description="that user's password")
    kafka_personal: Plain = Field(
        "",
        description="types of events, by comma, that go to Kafka with what is personal in them; "
        "of all others it is blank",
    )
    kafka_topics: Plain = Field(
        "",
        description="topics of Kafka, by comma, whose foreign events are taken in by "
        "`manage.py kafka_inbound`; empty: none",
    )
    eventbridge_bus: Plain = Field(
        "",
        description="name or ARN of the event bus of AWS EventBridge; AWS_DEFAULT_REGION and the "
        "credentials are AWS's own variables, or those of the machine",
    )
    eventbridge_endpoint: SiteAddress = Field(
        "", description="address of EventBridge; empty: AWS's own"
    )
    eventbridge_personal: Plain = Field(
        "", description="as KAFKA_PERSONAL, of what goes to EventBridge"
    )
    servicebus_connection_string: HeaderText = Field(
        "",
        description="connection string of a namespace of Azure Service Bus, with a key that may "
        "send",
    )
    servicebus_topic: Plain = Field("", description="topic or queue of that namespace")
    servicebus_personal: Plain = Field(
        "", description="as KAFKA_PERSONAL, of what goes to Service Bus"
    )

    webhooks_retry_after: Plain = Field(
        "5,300,1800,7200,18000,36000,50400,72000,86400",
        description="seconds before a webhook that failed is sent again, one wait for each "
        "attempt, by comma",
    )
    webhooks_timeout: Seconds = Field(
        10, gt=0, le=30, description="seconds that the receiver of a webhook has for its answer"
    )
    webhooks_disable_after: Seconds = Field(
        3 * 86400,
        gt=0,
        description="seconds a receiver of webhooks may take nothing until it is sent nothing more",
    )
    webhooks_keep: Days = Field(
        30, ge=1, description="days webhooks and the log of attempts to send them are kept"
    )
    webhooks_allow_local: bool = Field(
        False,
        description="for development alone: webhooks also go to this machine and to private "
        "networks, and by http",
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

    @field_validator("bridges")
    @classmethod
    def _bridges_are_known(cls, names: str) -> str:
        if unknown := sorted(names_in(names) - set(BRIDGES)):
            known = ", ".join(BRIDGES) or "none"
            raise ValueError(f"{', '.join(unknown)}: not one of {known}")
        return names

    @field_validator(
        "kafka_servers", "eventbridge_bus", "servicebus_connection_string", "servicebus_topic"
    )
    @classmethod
    def _bridge_has_what_it_needs(cls, text: str, field: ValidationInfo) -> str:
        bridge, _, _ = str(field.field_name).partition("_")
        if bridge in names_in(field.data.get("bridges", "")) and not text:
            raise ValueError(f"is needed for BRIDGES={bridge}")
        return text

    @field_validator("webhooks_retry_after")
    @classmethod
    def _waits_are_seconds(cls, waits: str) -> str:
        if not all(wait.strip().isdecimal() and int(wait) for wait in waits.split(",")):
            raise ValueError("must be whole seconds above 0, by comma, such as 5,300,1800")
        return waits

    @property
    def worker_modules(self) -> dict[str, str]:
        """Return the reacting apps by name: the Django app of each, whose worker `celery -A` runs.

        They are those of the project, and the bridges that are on.
        """
        bridges = {name: f"eventbus.bridges.{name}" for name in sorted(names_in(self.bridges))}
        return {app: app for app in REACTING_APPS} | bridges

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


def names_in(listed: str) -> set[str]:
    """Return the names in a list by comma."""
    return {name.strip() for name in listed.split(",")} - {""}


def read_environment() -> Environment:
    """Read the variables; raises SystemExit with a line for each that is wrong."""
    try:
        return Environment()
    except ValidationError as error:
        faults = [f"{str(e['loc'][0]).upper()}={_shown(e)}: {e['msg']}" for e in error.errors()]
        raise SystemExit("\n".join(faults)) from None


def _shown(error: Any) -> str:
    """Return the wrong value for the message, or dots where it may hold a secret."""
    name = str(error["loc"][0])
    is_secret = any(
        word in name for word in ("key", "password", "secret", "token", "url", "connection_string")
    )
    return "..." if is_secret else repr(error["input"])
