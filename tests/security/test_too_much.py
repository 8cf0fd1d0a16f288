"""What is asked more often than anybody means costs no more than what is asked once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.search.filters import MOST_CHOSEN
from shop.ratelimit.rates import Rate
from shop.web.capacity import LONGEST_QUERY
from tests.security.test_access import ACCESS
from tests.security.test_nonsense import NAMES
from tests.walking import read_once

pytestmark = pytest.mark.django_db

#: Parts of an address: just fewer than Django takes of one.
MOST = 990
#: Questions to the database that a page may ask more than it does by itself: one for each choice.
FURTHER = MOST_CHOSEN + 10
#: Characters that its answer, and one of its questions, may be longer.
LONGER, QUESTION = 100_000, 20_000
#: No server of streams answers here.
STREAMS = ("/events/", "/live/")

OPTIONS = "&".join(f"option=N{number}:{'x' * 40}" for number in range(MOST))
ALL = "&".join(f"{name}={n}:{n}" for name in NAMES for n in range(MOST // len(NAMES)))
WORDS = "q=" + "+".join(f"w{number}" for number in range(1000))
LONG = "q=" + "x" * LONGEST_QUERY
LONG_OPTIONS = "&".join(f"option=N{number}:{'x' * 700}" for number in range(20))
ASKED = {"options": OPTIONS, "all": ALL, "words": WORDS, "long": LONG, "wide": LONG_OPTIONS}


def look(client, address: str) -> tuple[int, int, int]:
    """Count how many questions an answer took, the longest of them, and the answer's length."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
    assert answer.status_code < 500 or any(stream in address for stream in STREAMS)
    longest = max((len(each["sql"]) for each in asked), default=0)
    return len(asked), longest, 0 if answer.streaming else len(answer.content)


@pytest.fixture(autouse=True)
def _nobody_is_too_many(settings):
    """A page that refuses who comes often would do little for any question."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, Rate(10**6, 60))


@read_once()
def test_no_page_does_more_for_who_asks_too_much(world, people):
    client, failures = people["staff"], {}
    for route in ACCESS:
        plain = look(client, world.path(route))
        limits = (plain[0] + FURTHER, plain[1] + QUESTION, plain[2] + LONGER)
        for name, much in ASKED.items():
            asked = look(client, f"{world.path(route)}?{much}")
            if any(got > limit for got, limit in zip(asked, limits, strict=True)):
                failures[route, name] = (asked, plain)
    assert not failures
