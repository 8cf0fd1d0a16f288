"""Failed reactions on the console: looked at, tried out, tried again, given up, never twice."""

import pytest
from django.urls import reverse

from eventbus.console import bulk_change
from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.operations.models import FailureNote
from tests.unit.console.test_failed import trouble
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.events import Answered, Called, Caller
from tests.unit.eventbus.test_pausing import publish

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def change(client, what="retry", scope="selected", **fields):
    return client.post(reverse("console:change"), {"what": what, "scope": scope, **fields})


def states():
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def test_what_fails_alike_is_one_group_with_its_note_and_owner(operator):
    alike = [trouble(), trouble()]
    trouble("orders.complete_order")
    address = reverse("console:note", args=[alike[0].fingerprint])
    operator.post(address, {"note": "the lock is known", "owner": "Olga"})
    page = text(operator.get(reverse("console:failed")))
    assert page.count("<code>django.db.utils.IntegrityError") == 2
    assert "the lock is known" in page
    assert FailureNote.objects.get().by == "olga"


def test_the_failures_of_one_reaction_can_be_shown_alone(operator):
    trouble()
    trouble("orders.complete_order")
    page = text(operator.get(reverse("console:failed"), {"app": "orders"}))
    assert "orders.complete_order" in page
    assert "billing" not in page


def test_a_group_shows_its_deliveries_page_by_page_with_the_traceback(operator):
    rows = [trouble() for _ in range(60)]
    address = reverse("console:group", args=[rows[0].fingerprint])
    first, second = (text(operator.get(address, {"page": page})) for page in (1, 2))
    assert "Traceback (most recent call last)" in first
    assert f"#{rows[0].id}<" in first
    assert f"#{rows[59].id}<" not in first
    assert f"#{rows[59].id}<" in second


def test_a_group_that_is_no_more_says_so(operator):
    answer = operator.get(reverse("console:group", args=["0123456789abcdef"]))
    assert answer.status_code == 404
    assert "not any more" in text(answer)


def test_a_note_on_nothing_is_refused(operator):
    answer = operator.post(reverse("console:note", args=["0123456789abcdef"]), {"note": "?"})
    assert answer.status_code == 404
    assert not FailureNote.objects.exists()


def test_one_is_retried_and_who_asks_again_is_told(operator):
    row = trouble()
    assert "sent again" in text(change(operator, ids=[row.id]))
    assert states() == ["failed"]
    again = text(change(operator, ids=[row.id]))
    assert "refused, it is being retried already" in again
    assert [(each.kind, each.by) for each in OperatorAction.objects.all()] == [("retried", "olga")]
    page = text(operator.get(reverse("console:delivery", args=[row.id])))
    assert "olga retried" in page


def test_the_selected_are_changed_and_no_others(operator):
    rows = [trouble() for _ in range(3)]
    change(operator, "discard", ids=[rows[0].id, rows[2].id], reason="twins")
    assert states() == ["discarded", "parked", "discarded"]


def test_discarding_wants_a_reason(operator):
    row = trouble()
    for reason in ("", "   "):
        answer = change(operator, "discard", ids=[row.id], reason=reason)
        assert answer.status_code == 422
        assert "Say why" in text(answer)
    assert states() == ["parked"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"scope": "selected"}, "Choose at least one"),
        ({"scope": "group"}, "Say which group"),
        ({"scope": "selected", "ids": ["x"]}, "no delivery&#x27;s id"),
        ({"scope": "selected", "ids": [str(2**63)]}, "no delivery&#x27;s id"),
        ({"scope": "everything"}, "not one of the available choices"),
        ({"what": "destroy", "scope": "all"}, "not one of the available choices"),
    ],
)
def test_what_is_not_understood_is_refused_in_words_and_nothing_is_done(operator, fields, message):
    trouble()
    answer = operator.post(reverse("console:change"), {"what": "retry", **fields})
    assert answer.status_code == 422
    assert message in text(answer)
    assert states() == ["parked"]


def test_an_id_that_is_no_deliverys_is_told(operator):
    row = trouble()
    answer = text(change(operator, ids=[row.id, row.id + 1]))
    assert "Retried: 1, refused: 1" in answer
    assert "there is none with this id" in answer


def test_a_whole_group_is_changed_and_no_other(operator):
    mine, other = trouble(), trouble("orders.complete_order")
    change(operator, scope="group", fingerprint=mine.fingerprint)
    other.refresh_from_db()
    assert states() == ["failed", "parked"]


def test_many_are_changed_some_at_a_time_and_each_once(operator, monkeypatch):
    monkeypatch.setattr(bulk_change, "BATCH_SIZE", 2)
    rows = [trouble() for _ in range(5)]
    fields = {"scope": "all"}
    seen = []
    for _ in range(5):
        answer = change(operator, **fields)
        step = answer.context["step"]
        seen += [outcome.id for outcome in step.outcomes]
        if step.is_last:
            break
        assert "Go on with the next" in text(answer)
        names = ("after", "until", "total", "changed", "refused")
        fields |= {name: getattr(step, name) for name in names}
        trouble()
    assert seen == [row.id for row in rows]
    assert (step.changed, step.refused, step.total) == (5, 0, 5)


@pytest.fixture
def told_by_ada():
    """A parked delivery of an event that tells of Ada, and an error that names her."""
    ada = Caller(name="Ada Lovelace", country="GB")
    event = Called(
        bell="0190a7a0-0000-7000-8000-000000000001",
        email="ada@example.com",
        note=None,
        by=ada,
        with_them=(ada,),
        said=("it is me",),
    )
    publish(event)
    Delivery.objects.update(
        state="parked",
        fingerprint="f" * 16,
        error="ValueError: Ada Lovelace <ada@example.com> from other@example.org said it is me",
    )
    return Delivery.objects.get()


@pytest.mark.parametrize("page", ["console:delivery", "console:payload", "console:group"])
def test_what_tells_of_people_is_for_those_who_may_see_it(operator, confidant, told_by_ada, page):
    of = {"console:payload": told_by_ada.event_id, "console:group": told_by_ada.fingerprint}
    address = reverse(page, args=[of.get(page, told_by_ada.id)])
    hidden, shown = text(operator.get(address)), text(confidant.get(address))
    assert "Ada Lovelace" in shown
    for secret in ("Ada Lovelace", "ada@example.com", "other@example.org", "it is me"):
        assert secret not in hidden
    if page != "console:group":
        assert "GB" in hidden


def test_the_list_of_groups_shows_no_address(operator, confidant, told_by_ada):
    address = reverse("console:failed")
    assert "ada@example.com" not in text(operator.get(address))
    assert "ada@example.com" in text(confidant.get(address))


def test_of_an_event_this_code_does_not_know_only_the_names_are_shown(operator):
    row = trouble()
    row.event.type, row.event.data = "gone.Away", {"email": "ada@example.com"}
    row.event.save()
    page = text(operator.get(reverse("console:delivery", args=[row.id])))
    assert "email" in page
    assert "ada@example.com" not in page


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_shows_what_would_be_and_does_nothing(operator, rang):
    publish(rang)
    Delivery.objects.filter(reaction="answer").update(state="parked", error="no butler")
    row = Delivery.objects.get(reaction="answer")
    page = text(operator.post(reverse("console:dry_run", args=[row.id])))
    assert "it would take effect" in page
    assert Answered.type in page
    row.refresh_from_db()
    assert row.state == "parked"
    assert not OperatorAction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_shows_an_operator_names_of_fields_and_no_values(operator, confidant, rang):
    from django.contrib.auth.models import Group

    behaviour["answer"] = lambda event: Group.objects.create(name="Ada Lovelace")
    publish(rang)
    Delivery.objects.filter(reaction="answer").update(state="parked", error="no butler")
    address = reverse("console:dry_run", args=[Delivery.objects.get(reaction="answer").id])
    hidden, shown = text(operator.post(address)), text(confidant.post(address))
    assert "<code>name</code>" in hidden
    assert "Ada Lovelace" not in hidden
    assert "Ada Lovelace" in shown


def test_what_is_done_has_nothing_to_try(operator):
    row = trouble()
    Delivery.objects.update(state="done")
    assert "nothing to try" in text(operator.post(reverse("console:dry_run", args=[row.id])))
