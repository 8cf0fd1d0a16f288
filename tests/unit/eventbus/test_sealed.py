"""Secrets in events are read by our code alone, and not for ever."""

from datetime import timedelta

import pytest

from eventbus import CannotOpen, Event, Personal, Sealed, masked, unseal
from eventbus.sealed import seal

SECRET = "https://shop.example/key/abc-1/"
DAY = timedelta(days=1)


class KeySent(Event):
    """A key was sent."""

    name: str
    key: Personal[Sealed]


def test_what_is_put_in_is_sealed_at_once_and_opened_on_purpose():
    event = KeySent(name="a", key=SECRET)
    assert "abc-1" not in f"{event!r}{event.to_data()}"
    assert unseal(event.key, within=DAY) == SECRET


def test_a_sealed_text_stays_as_it_is_when_it_is_read_again():
    event = KeySent(name="a", key=SECRET)
    assert KeySent.from_data(event.to_data()) == event


def test_a_blank_is_no_secret():
    blank = KeySent.from_data(masked(KeySent, KeySent(name="a", key=SECRET).to_data()))
    assert (blank.key, unseal(blank.key, within=DAY)) == ("", "")


def test_a_seal_is_opened_by_every_key_we_have_and_by_no_other(settings):
    settings.EVENTBUS_KEYS = ["old"]
    sealed = seal(SECRET)
    settings.EVENTBUS_KEYS = ["new", "old"]
    assert unseal(sealed, within=DAY) == SECRET
    settings.EVENTBUS_KEYS = ["new"]
    with pytest.raises(CannotOpen):
        unseal(sealed, within=DAY)


def test_a_seal_is_not_opened_once_it_is_too_old():
    with pytest.raises(CannotOpen):
        unseal(seal(SECRET), within=timedelta(seconds=-1))


@pytest.mark.parametrize("forged", ["sealed:", "sealed:x", SECRET, "sealed:ü"])
def test_what_was_never_sealed_is_not_opened(forged):
    with pytest.raises(CannotOpen):
        unseal(forged, within=DAY)
