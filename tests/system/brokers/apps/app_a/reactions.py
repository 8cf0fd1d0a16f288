from app_a.events import NoteAnswered, NoteSent, NoteWeighed
from eventbus import emit, reacts_to
from tests.system.brokers.behaviour import behave


@reacts_to(NoteSent, emits=[NoteAnswered])
def keep(event: NoteSent) -> None:
    behave("app_a", "keep", event)
    if event.does.get("app_a") == "answer":
        emit(NoteAnswered(note=event.note, text=event.text))


@reacts_to(NoteSent)
def count(event: NoteSent) -> None:
    behave("app_a", "count", event)


@reacts_to(NoteWeighed)
def weigh(event: NoteWeighed) -> None:
    behave("app_a", "weigh", event)
