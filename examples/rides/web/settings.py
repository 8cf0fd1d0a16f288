"""The settings of the rides. Where the servers are is read from the environment.

PostgreSQL is where libpq's own variables say (PGHOST and so on), the broker where
BROKER_URL says. `run.py` sets both, for the servers that it starts.
"""

import os
from datetime import timedelta
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
#: Where `run.py` looks up which workers are switched off; without it there are no switches.
SWITCHES = os.environ.get("RIDES_SWITCHES", "")

SECRET_KEY = "a key for a town that only this machine can see"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "web.urls"
ASGI_APPLICATION = "web.asgi.application"
STATIC_URL = "static/"
USE_TZ = True
TIME_ZONE = "UTC"

INSTALLED_APPS = [
    # Before the admin, into whose header it puts a link to the console.
    "web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "eventbus.delivery",
    "eventbus.messaging",
    "eventbus.operations",
    "eventbus.history",
    "eventbus.console",
    "rides",
    "matching",
    "surge",
    "fraud",
    "analytics",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "rides"),
    }
}

# Django's own word about what went wrong, to where everything is printed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

EVENTBUS_NAME = "rides"
EVENTBUS_BROKER_URL = os.environ.get("BROKER_URL", "redis://127.0.0.1:6379/0")
EVENTBUS_BASE_DIR = BASE_DIR
#: Sooner than usual: somebody looks.
EVENTBUS_OVERDUE_AFTER = timedelta(seconds=5)

#: How fast a car is. The clocks of this town run fast: this is 500 km/h.
METRES_A_SECOND = float(os.environ.get("RIDES_SPEED", "140"))
#: Matching: seconds from one look for a car to the next, and how many looks in vain there are.
LOOK_AGAIN_AFTER = 2.0
LOOKS_FOR_A_CAR = 15
#: Surge: seconds for which a request counts as demand, and after which a zone is looked at again.
DEMAND_WITHIN = 20.0
REVIEW_AFTER = 5.0
