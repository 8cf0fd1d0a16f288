"""Remote control: who can write to the broker may look at a worker, as Flower does; no more.

What ends a task is obeyed when one of `conf.KEYS` has signed it, which programs of ours
do by themselves. No other command of Celery's is obeyed, whoever gives it.
"""

from functools import partial
from typing import Any, Literal

import structlog
from celery.app.control import Control as CeleryControl
from kombu.exceptions import ContentDisallowed, DecodeError
from kombu.pidbox import Mailbox as CeleryMailbox
from kombu.pidbox import Node as CeleryNode
from pydantic import BaseModel, ConfigDict, ValidationError

from eventbus.exceptions import MessageRejected
from eventbus.messaging import message_validation, signing

log = structlog.get_logger("eventbus.messaging.worker")

#: What shows a worker in Flower, and with which arguments, whatever the asker's are: none of
#: these may show what a message holds.
LOOKING: dict[str, dict[str, Any]] = {
    "active": {"safe": True},
    "active_queues": {},
    "conf": {},
    "enable_events": {},
    "ping": {},
    "registered": {},
    "reserved": {},
    "revoked": {},
    "scheduled": {},
    "stats": {},
}
#: What ends a task: it is written down as failed.
ENDING = frozenset({"revoke", "terminate"})
#: What each worker of the project's own says to all as it starts; as little obeyed, but no news.
GREETING = "hello"


def permitted(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a permitted command. Raises `MessageRejected` for any other."""
    if method in LOOKING:
        return LOOKING[method]
    if method not in ENDING:
        raise MessageRejected("workers do not obey this command")
    unsigned = {name: given for name, given in arguments.items() if name != signing.HEADER}
    signing.check(_signed(method, unsigned), arguments.get(signing.HEADER))
    return unsigned


def _signed(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"command": method, "arguments": arguments}


class ReplyTo(BaseModel):
    """Where who asks waits for answers: nowhere else is anything sent."""

    model_config = ConfigDict(extra="forbid", strict=True)

    exchange: Literal["reply.celery.pidbox"]
    routing_key: str


class Command(BaseModel):
    """A command as it comes: to all, or to the workers it names. Patterns are not matched."""

    model_config = ConfigDict(extra="forbid", strict=True)

    method: str
    arguments: dict[str, Any] | None = None
    destination: list[str] | None = None
    pattern: None = None
    matcher: None = None
    ticket: str | None = None
    reply_to: ReplyTo | None = None

    @classmethod
    def read(cls, message: Any) -> "Command":
        """Raise `MessageRejected` for what is none. Form and size are checked before decoding."""
        message_validation.check_form(message)
        signing.check_size_of_message(message.body)
        try:
            return cls.model_validate(message.payload)
        except (ContentDisallowed, DecodeError, ValidationError) as error:
            raise MessageRejected("it is no command") from error


class Node(CeleryNode):
    """A worker as it is spoken to."""

    def listen(self, channel: Any = None, callback: Any = None) -> Any:
        """Hand messages on undecoded."""
        consumer = super().listen(channel, callback)
        consumer.on_message = partial(callback, None)
        return consumer

    def handle_message(self, body: Any, message: Any = None) -> None:
        """Do what a message says. Its clock is nothing to us: no worker is another's peer."""
        try:
            command = Command.read(message)
        except MessageRejected as error:
            log.warning("refused a command", reason=str(error))
            return
        if not command.destination or self.hostname in command.destination:
            self.dispatch(**command.model_dump(exclude={"destination", "pattern", "matcher"}))

    def handle(self, method: str, arguments: dict[str, Any] | None = None) -> Any:
        try:
            return super().handle(method, permitted(method, arguments or {}))
        except MessageRejected as error:
            if method != GREETING:
                log.warning("refused a command", command=method[:50], reason=str(error))
            return {"error": str(error)}


class Mailbox(CeleryMailbox):
    """Where commands are sent from; those that need it are signed."""

    node_cls = Node

    def _publish(self, type: str, arguments: dict[str, Any], *args: Any, **options: Any) -> None:
        if type in ENDING:
            signature = signing.signature(_signed(type, arguments))
            arguments = {**arguments, signing.HEADER: signature}
        super()._publish(type, arguments, *args, **options)


class Control(CeleryControl):
    Mailbox = Mailbox
