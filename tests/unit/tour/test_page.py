"""The page of the tour: for operators at this machine, with what can be done here."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from devtools.tour.trial import Phase
from tests.unit.tour.conftest import a_trial, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_tour")]

ASKED = {"experiment": "stop", "app": "billing", "seconds": 5, "orders": 3}


def page(client, **extra):
    return client.get(reverse("tour:page"), **extra).content.decode()


def begin(client, **asked):
    return client.post(reverse("tour:begin"), ASKED | asked, follow=True)


def test_who_comes_from_elsewhere_is_refused_at_every_address(operator, store, programs):
    for name in ("page", "status", "begin", "end"):
        for elsewhere in ({"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}):
            answer = operator.post(reverse(f"tour:{name}"), ASKED, **elsewhere)
            assert (answer.status_code, b"this machine alone" in answer.content) == (403, True)
    assert programs.done == []


def test_nobody_is_answered_by_a_shop_that_is_production(operator, store, programs, settings):
    settings.PRODUCTION = True
    assert operator.get(reverse("tour:page")).status_code == 403


def test_staff_who_are_no_operators_are_refused(clerk, store, programs):
    assert begin(clerk).status_code == 403
    assert programs.done == []


def test_nothing_is_begun_without_the_token_of_a_form(operator, store, programs):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies
    for name in ("begin", "end"):
        assert strict.post(reverse(f"tour:{name}"), ASKED).status_code == 403
        assert operator.get(reverse(f"tour:{name}")).status_code == 405


def test_an_experiment_is_begun_as_it_was_asked_for_and_by_whom(operator, store, programs):
    begin(operator)
    assert programs.done == ["experimenter"]
    trial = store.running()
    assert (trial.experiment, trial.app, trial.seconds) == ("stop", "billing", 5)
    assert (trial.orders, trial.by) == (3, "olga")


def test_a_second_one_is_refused_in_words(operator, store, programs):
    begin(operator)
    assert "one at a time" in begin(operator, experiment="freeze").content.decode()
    assert (store.running().experiment, programs.done) == ("stop", ["experimenter"])


@pytest.mark.parametrize(
    ("wrong", "label"),
    [
        ({"experiment": "burn"}, "Experiment"),
        ({"app": "nobody"}, "App"),
        ({"app": ""}, "App"),
        ({"seconds": "soon"}, "Seconds"),
        ({"seconds": 3600}, "Seconds"),
        ({"orders": -1}, "Orders"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(wrong, label, operator, store, programs):
    answer = begin(operator, **wrong)
    assert (answer.status_code, store.running()) == (422, None)
    assert f"<li>{label}" in answer.content.decode()


def test_without_the_process_manager_nothing_can_be_begun_and_it_is_said(operator, store, programs):
    programs.answers = False
    assert "does not answer" in page(operator)
    assert reverse("tour:begin") not in page(operator)
    assert "Nothing was begun" in begin(operator).content.decode()
    assert store.running() is None


def test_a_broker_that_is_not_ours_is_left_alone(operator, store, programs):
    programs.up.remove("valkey")
    assert "Freeze it" not in page(operator)
    assert "BROKER_URL" in page(operator)
    assert "BROKER_URL" in begin(operator, experiment="freeze").content.decode()
    assert store.running() is None


def test_only_apps_that_run_can_be_chosen(operator, store, programs):
    assert "<option>shipping</option>" in page(operator)
    assert "loyalty" not in page(operator)


def test_the_page_asks_again_only_while_something_is_under_way(operator, store, programs):
    asks = f'hx-get="{reverse("tour:status")}'
    assert asks not in page(operator)
    store.begin(a_trial(phase=Phase.BROKEN, did="billing was stopped."))
    shown = operator.get(reverse("tour:status")).content.decode()
    assert asks in shown
    assert "billing was stopped." in shown
    assert "Mend it now" in shown


def test_what_is_so_is_said_aloud_once(operator, store, programs):
    store.begin(a_trial(phase=Phase.BROKEN, broken_at=timezone.now()))
    said = '<p id="tour-says" hx-swap-oob="innerHTML">billing is stopped</p>'
    status = reverse("tour:status")
    assert said in operator.get(status, {"seen": "It is about to begin"}).content.decode()
    assert "tour-says" not in operator.get(status, {"seen": "billing is stopped"}).content.decode()


def test_it_can_be_mended_at_once(operator, store, programs):
    store.begin(a_trial())
    operator.post(reverse("tour:end"))
    assert store.is_to_end


def test_what_the_proof_says_is_shown_with_what_is_not_as_it_should_be(operator, store, programs):
    trial = a_trial(phase=Phase.DONE, lost=0, doubled=0)
    store.begin(trial)
    store.finish(trial)
    assert "lost 0, doubled 0" in page(operator)
    trial.lost, trial.broken_rules = 2, ["Every order ends"]
    store.begin(trial)
    store.finish(trial)
    assert "lost 2, doubled 0" in page(operator)
    assert "Every order ends" in page(operator)
    assert not trial.holds


def test_a_person_who_may_not_operate_is_not_led_there(store, programs):
    assert reverse("tour:page") not in page(person("nina"))
