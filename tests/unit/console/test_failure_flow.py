"""A group of failures from its cause to its cure: seen, narrowed, retried in part, watched."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from eventbus.console.words import counted
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.operations import failure_notes
from eventbus.operations.code_place import code_place
from eventbus.operations.models import DeployedVersion
from tests.unit.console.history import BEGAN, placed
from tests.unit.console.test_failed import failed, trouble
from tests.unit.console.test_failed_pages import change, states, text

pytestmark = pytest.mark.django_db


def group(client, row):
    return client.get(reverse("console:group", args=[row.fingerprint]))


def groups(client, **asked):
    answer = client.get(reverse("console:failed"), asked)
    return [each["group"].reaction for each in answer.context["groups"]]


def traceback(*frames):
    lines = (f'  File "{file}", line {line}, in step\n    {code}\n' for file, line, code in frames)
    return "Traceback (most recent call last):\n" + "".join(lines) + "ValueError: no\n"


# the line of code


def test_the_line_of_code_is_the_innermost_of_the_project_that_is_not_the_buss(settings):
    ours = f"{settings.BASE_DIR}/billing/reactions.py"
    place = code_place(
        traceback(
            (f"{settings.BASE_DIR}/eventbus/delivery/runner.py", 1, "run()"),
            (ours, 12, "charge(order)"),
            (f"{settings.BASE_DIR}/eventbus/emitting.py", 3, "refuse()"),
            ("/usr/lib/python3/site-packages/django/db.py", 4, "execute()"),
        )
    )
    assert (place.path, place.line, place.text) == ("billing/reactions.py", 12, "charge(order)")


def test_a_traceback_without_code_of_the_project_has_no_line():
    assert code_place(traceback(("/usr/lib/python3/os.py", 1, "no"))) is None
    assert code_place("unknown event type orders.Later") is None


def test_the_line_of_an_error_that_led_to_another_is_the_last_ones(settings):
    first = traceback((f"{settings.BASE_DIR}/billing/a.py", 1, "a()"))
    then = traceback((f"{settings.BASE_DIR}/billing/b.py", 2, "b()"))
    assert code_place(f"{first}\nDuring handling:\n\n{then}").path == "billing/b.py"


def test_a_line_that_the_traceback_does_not_quote_is_read_from_its_file(settings):
    error = f'Traceback (most recent call last):\n  File "{__file__}", line 1, in step\nKeyError: 1'
    place = code_place(error)
    assert place.path == "tests/unit/console/test_failure_flow.py"
    assert place.text.startswith('"""A group of failures')


def test_a_group_shows_the_line_of_code(operator, settings):
    row = trouble(error=traceback((f"{settings.BASE_DIR}/billing/b.py", 7, "pay(card)")))
    page = text(group(operator, row))
    assert "billing/b.py:7" in page
    assert "pay(card)" in page


def test_the_line_of_code_is_linked_where_the_project_says_its_code_is_read(operator, settings):
    settings.EVENTBUS_CONSOLE_SOURCE_URL = "https://code.example/main/{path}#L{line}"
    row = trouble(error=traceback((f"{settings.BASE_DIR}/billing/b.py", 7, "pay(card)")))
    assert 'href="https://code.example/main/billing/b.py#L7"' in text(group(operator, row))


# since when, and what it holds up


@pytest.mark.parametrize(
    ("deployed", "said"),
    [
        ([], "unknown"),
        ([("v1", -60)], "v1"),
        ([("v1", -60), ("v2", -30), ("v3", 30)], "v2"),
        ([("v3", 30)], "before v3"),
    ],
)
def test_a_group_is_there_since_the_release_in_use_when_its_oldest_event_came(
    operator, deployed, said
):
    row = trouble()
    for version, minutes in deployed:
        since = BEGAN + timezone.timedelta(minutes=minutes)
        DeployedVersion.objects.create(app="billing", version=version, since=since)
    DeployedVersion.objects.create(app="fraud", version="other", since=BEGAN)
    assert f"<dt>Since release</dt><dd>{said}" in text(group(operator, row))


def test_a_group_says_how_many_stories_it_holds_up_and_links_the_oldest(operator):
    first, second = trouble(), trouble()
    trouble("billing.refund_return")
    Delivery.objects.create(
        event=first.event, app="billing", reaction="again", state="parked", error="x"
    )
    answer = group(operator, first)
    assert answer.context["held_up"] == 2
    assert {story.event.id for story in answer.context["stories"]} == {
        first.event_id,
        second.event_id,
    }
    assert "2 stories" in text(answer)


def test_stories_that_have_a_number_are_called_what_the_project_calls_them(operator):
    order = placed(uuid4(), "100001")
    row = trouble()
    row.event.subject, row.event.correlation_id = order.subject, order.id
    row.event.save()
    trouble("fraud.screen")
    page = text(operator.get(reverse("console:failed")))
    assert "1 order<" in page
    assert "1 story<" in page
    assert [story.name for story in group(operator, row).context["stories"]] == ["100001"]


def test_events_of_one_order_hold_up_one_order(operator):
    first, second = trouble(), trouble()
    second.event.correlation_id = first.event.correlation_id
    second.event.save()
    assert group(operator, first).context["held_up"] == 1


@pytest.mark.parametrize(
    ("many", "noun", "words"),
    [
        (1, "order", "1 order"),
        (1200, "order", "1,200 orders"),
        (2, "delivery", "2 deliveries"),
        (2, "box", "2 boxes"),
        (0, "day", "0 days"),
    ],
)
def test_how_many_is_said_in_english(many, noun, words):
    assert counted(many, noun) == words


# narrowed down


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"authorize", "capture", "screen"}),
        ({"q": "no CARD"}, {"authorize"}),
        ({"q": "billing.capt"}, {"capture"}),
        ({"q": "the bank knows"}, {"screen"}),
        ({"q": "nothing has this"}, set()),
        ({"app": "billing"}, {"authorize", "capture"}),
        ({"app": "billing", "reaction": "capture"}, {"capture"}),
        ({"state": "failed"}, {"capture"}),
        ({"release": "v1"}, {"authorize", "capture"}),
        ({"q": "100%"}, set()),
    ],
)
def test_groups_are_found_by_error_name_note_state_and_release(operator, asked, found):
    DeployedVersion.objects.create(app="billing", version="v1", since=BEGAN)
    trouble("billing.authorize", error="ValueError: no card")
    trouble("billing.capture", "failed", error="ValueError: 1000")
    screened = trouble("fraud.screen", error="ValueError: else")
    failure_notes.annotate(screened.fingerprint, by="olga", note="the bank knows")
    assert set(groups(operator, **asked)) == found


def test_one_of_many_errors_that_are_alike_is_found_and_the_group_is_shown_whole(operator):
    trouble(error="ValueError: order 100001")
    trouble(error="ValueError: order 100002")
    answer = operator.get(reverse("console:failed"), {"q": "100002"})
    assert [each["group"].count for each in answer.context["groups"]] == [2]


def test_what_tells_of_people_is_found_only_by_those_who_may_see_it(operator, confidant):
    trouble("billing.capture", error="ValueError: ada@example.com is no customer")
    asked = {"q": "ada@example.com"}
    assert groups(confidant, **asked) == ["capture"]
    assert groups(operator, **asked) == []


@pytest.mark.parametrize(
    ("asked", "field"), [({"state": "done"}, "State"), ({"q": "x\0y"}, "Search")]
)
def test_a_filter_that_is_not_understood_is_refused_by_its_name(operator, asked, field):
    answer = operator.get(reverse("console:failed"), asked)
    assert answer.status_code == 422
    assert field in text(answer)


# retried in part, with a reason


def test_one_or_ten_of_a_group_are_retried_the_oldest_first_and_then_the_next(operator):
    rows = [trouble() for _ in range(12)]
    fields = {"scope": "group", "fingerprint": rows[0].fingerprint}
    change(operator, limit="1", **fields)
    assert states() == ["failed"] + 11 * ["parked"]
    change(operator, limit="10", **fields)
    assert states() == 11 * ["failed"] + ["parked"]


def test_a_retry_keeps_its_reason_and_the_group_shows_it_once_for_all(operator):
    rows = [trouble() for _ in range(3)]
    change(operator, scope="group", fingerprint=rows[0].fingerprint, reason="the bank is back")
    assert set(OperatorAction.objects.values_list("kind", "by", "reason")) == {
        ("retried", "olga", "the bank is back")
    }
    answer = group(operator, rows[0])
    assert [(act.by, act.kind, act.count) for act in answer.context["acts"]] == [
        ("olga", "retried", 3)
    ]
    assert text(answer).count("the bank is back") == 1


def test_the_command_keeps_the_reason_of_a_retry_too():
    row = trouble()
    failed("retry", row.id, "--reason", "the bank is back", "--by", "ada")
    action = OperatorAction.objects.get()
    assert (action.by, action.reason) == ("ada", "the bank is back")


# watched


def watch(client, answer, htmx=True):
    headers = {"HX-Request": "true"} if htmx else {}
    return client.get(answer.context["watch_url"], headers=headers)


def retried(client, rows):
    return change(client, scope="group", fingerprint=rows[0].fingerprint)


def close(row, state="done", **facts):
    Delivery.objects.filter(pk=row.pk).update(state=state, **facts)


def test_what_was_retried_is_watched_until_all_is_done_and_then_asked_for_no_more(operator):
    rows = [trouble() for _ in range(3)]
    answer = retried(operator, rows)
    assert "<strong>3</strong> of 3 still open" in text(answer)
    close(rows[0])
    seen = watch(operator, answer)
    assert (seen.status_code, seen.context["progress"].still_open) == (200, 2)
    close(rows[1])
    close(rows[2])
    seen = watch(operator, answer)
    assert seen.status_code == 286
    assert "Empty: all 3 are done" in text(seen)


def test_what_failed_again_is_told_with_the_group_it_is_in_now(operator):
    rows = [trouble() for _ in range(3)]
    answer = retried(operator, rows)
    close(rows[0])
    close(rows[1], "failed", attempts=1)
    close(rows[2], "parked", attempts=8, fingerprint="f" * 16)
    seen = watch(operator, answer)
    assert seen.status_code == 286
    assert "2 failed again" in text(seen)
    for alike in (rows[0].fingerprint, "f" * 16):
        assert reverse("console:group", args=[alike]) in text(seen)
    assert "Empty" not in text(seen)


def test_what_others_retry_and_what_was_not_retried_is_not_watched(operator, confidant):
    rows = [trouble() for _ in range(2)]
    answer = change(operator, ids=[rows[0].id])
    change(confidant, ids=[rows[1].id])
    assert watch(operator, answer).context["progress"].still_open == 1


def test_a_groups_own_bar_counts_whoever_empties_it_and_says_what_was_given_up(operator):
    rows = [trouble() for _ in range(3)]
    page = group(operator, rows[0])
    assert watch(operator, page).context["progress"].still_open == 3
    change(operator, "discard", ids=[rows[0].id], reason="twins")
    close(rows[1])
    close(rows[2])
    seen = watch(operator, page)
    assert seen.status_code == 286
    assert "Empty: 2 done, 1 discarded" in text(seen)


def test_a_groups_own_bar_tells_what_fails_in_another_way_now(operator):
    row = trouble()
    page = group(operator, row)
    retried(operator, [row])
    close(row, "parked", attempts=1, fingerprint="f" * 16)
    assert "1 failed again" in text(watch(operator, page))


def test_who_watches_is_told_what_holds_it_up(operator):
    row = trouble()
    pause.pause("billing", by="olga", reason="later")
    page = text(retried(operator, [row]))
    assert "billing is paused" in page
    assert "no worker of billing is there" in page


def test_the_address_of_what_is_watched_is_a_page_for_whoever_opens_it(operator, confidant):
    answer = retried(operator, [trouble()])
    seen = watch(confidant, answer, htmx=False)
    assert seen.status_code == 200
    assert "<h1>Being retried</h1>" in text(seen)


@pytest.mark.parametrize("field", ["of", "since"])
def test_a_watch_that_is_not_understood_is_refused_by_its_name(operator, field):
    answer = operator.get(reverse("console:watch"), {field: "many"})
    assert answer.status_code == 422
    assert field.capitalize() in text(answer)


# notes for the next time


def test_a_note_outlives_its_failures_and_is_there_when_they_come_back(operator):
    row = trouble()
    failure_notes.annotate(row.fingerprint, by="ada", note="restart the gateway")
    Delivery.objects.update(state="done")
    page = text(group(operator, row))
    assert "failed before" in page
    assert "restart the gateway" in page
    again = trouble()
    assert "restart the gateway" in text(group(operator, again))


def test_a_note_can_be_mended_when_nothing_fails_any_more(operator):
    row = trouble()
    failure_notes.annotate(row.fingerprint, by="ada", note="restart the gateway")
    Delivery.objects.update(state="done")
    address = reverse("console:note", args=[row.fingerprint])
    operator.post(address, {"note": "renew the certificate"})
    assert "renew the certificate" in text(group(operator, row))


def test_notes_are_searched_by_what_was_noted_who_looks_after_it_and_the_error(operator):
    row, other = trouble("billing.capture"), trouble("fraud.screen", error="KeyError: 'card'")
    failure_notes.annotate(row.fingerprint, by="ada", note="restart the gateway", owner="Ben")
    failure_notes.annotate(other.fingerprint, by="ada", note="a gap in the data")
    Delivery.objects.filter(pk=row.pk).update(state="done")
    for asked, found in {"gateway": "capture", "ben": "capture", "KeyError": "screen"}.items():
        page = operator.get(reverse("console:notes"), {"q": asked}).context["page"]
        assert [note.reaction for note in page] == [found], asked
    page = text(operator.get(reverse("console:notes")))
    assert page.count('<span class="bad">fails now') == 1


def test_a_note_keeps_nothing_of_people_from_the_error(confidant):
    row = trouble(error="ValueError: ada@example.com is no customer")
    kept = failure_notes.annotate(row.fingerprint, by="paul", note="see the register")
    assert "ValueError" in kept.error
    assert "ada@example.com" not in kept.error
