from doves.events import NoteAnswered, NoteSent, SecretTold

from eventbus import reacts_to
from tests.system.brokers.behaviour import behave


@reacts_to(NoteSent)
def keep(event: NoteSent) -> None:
    behave("ravens", "keep", event)


@reacts_to(NoteAnswered)
def hear_the_answer(event: NoteAnswered) -> None:
    behave("ravens", "hear_the_answer", event)


@reacts_to(SecretTold)
def hear_the_secret(event: SecretTold) -> None:
    behave("ravens", "hear_the_secret", event)
