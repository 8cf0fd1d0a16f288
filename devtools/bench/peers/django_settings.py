"""The settings that peers which are Django applications share."""

from typing import Any

from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

from devtools.bench.peers import job


def configure(**own: Any) -> None:
    """Configure Django with the job's database and a peer's own settings."""
    address = conninfo_to_dict(job.DATABASE)
    database = {"NAME": address["dbname"], "USER": address["user"], "HOST": address["host"]}
    settings.configure(
        USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **database}},
        LOGGING_CONFIG=None,
        **own,
    )
