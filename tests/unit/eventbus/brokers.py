"""A broker of the tests' own."""

#: Of EVENTBUS_CONNECT_WITHIN: a broker that refuses at once is tried once.
NO_SECOND_TRY = 0.001


class FakeBroker:
    """Takes messages unless it is down; queues have the depth a test gives them."""

    def __init__(self):
        self.down = False
        self.exchange = []
        self.queues = []
        self.depths = {}
        #: so many of a batch it takes in time; the rest is left
        self.takes = None

    def to_exchange(self, envelopes):
        if self.down:
            raise ConnectionError
        taken = list(envelopes)[: self.takes]
        self.exchange += [envelope.id for envelope in taken]
        return len(taken)

    def to_app(self, app, envelopes):
        if self.down:
            raise ConnectionError
        taken = list(envelopes)[: self.takes]
        self.queues += [(app, envelope.id) for envelope in taken]
        return len(taken)

    def depth(self, app):
        return self.depths.get(app, 0)
