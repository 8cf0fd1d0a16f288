"""Structured logs: readable lines for people, JSON for machines, one format for all processes."""

import logging.config
import re
from typing import Any, Literal

import structlog

from eventbus.log_privacy import mask_personal_data

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]

#: What makes a terminal do something instead of showing it.
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _without_commands(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Take out what moves a cursor: shoppers' words are in the lines too."""
    return {
        key: _COMMANDS.sub(lambda found: repr(found[0])[1:-1], value)
        if isinstance(value, str)
        else value
        for key, value in entry.items()
    }


def logging_config(format: Literal["text", "json"], level: str) -> dict[str, Any]:
    """Return settings for `logging` under which structlog's and everybody's lines look alike."""
    rendering: list[Any] = (
        [structlog.processors.JSONRenderer()]
        if format == "json"
        else [_without_commands, structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    mask_personal_data,
                    *rendering,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            # It would write by itself what leaves a page unfinished.
            "uvicorn": {"handlers": [], "propagate": True},
            # It tells of every glyph of an invoice's font.
            "fontTools": {"level": "WARNING"},
            # At its start Flower asks workers that are not there yet.
            "flower": {"level": "ERROR"},
        },
    }


def configure() -> None:
    """Route structlog through `logging`; called once when Django starts."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def apply(config: dict[str, Any]) -> None:
    """Set up structlog, then the handlers: Django's LOGGING_CONFIG."""
    configure()
    logging.config.dictConfig(config)
