from app_a.events import NoteAnswered, NoteSent, SecretTold

from eventbus import reacts_to
from tests.system.brokers.behaviour import behave


@reacts_to(NoteSent)
def keep(event: NoteSent) -> None:
    behave("app_b", "keep", event)


@reacts_to(NoteAnswered)
def hear_the_answer(event: NoteAnswered) -> None:
    behave("app_b", "hear_the_answer", event)


@reacts_to(SecretTold)
def hear_the_secret(event: SecretTold) -> None:
    behave("app_b", "hear_the_secret", event)
