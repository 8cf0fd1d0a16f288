"""What counts as sent is what the broker has said it has."""

from threading import Timer

import pytest

from eventbus.messaging import broker


def test_what_was_swallowed_on_its_way_to_the_broker_is_not_sent(mail, environment, publisher):
    envelope = mail.envelope(mail.delivered())
    publisher.to_exchange([envelope])
    environment.proxy.blackhole()
    broken_off = Timer(1, environment.proxy.cut)
    broken_off.start()
    with pytest.raises(broker.errors()):
        publisher.to_exchange([envelope])
    broken_off.join()
    environment.proxy.heal()
    mail.delivered()
