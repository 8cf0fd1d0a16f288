"""A broker of the tests' own."""


class FakeBroker:
    """Takes messages unless it is down; queues have the depth a test gives them."""

    def __init__(self):
        self.down = False
        self.exchange = []
        self.queues = []
        self.depths = {}

    def to_exchange(self, envelopes):
        if self.down:
            raise ConnectionError
        self.exchange += [envelope.id for envelope in envelopes]

    def to_app(self, app, envelopes):
        if self.down:
            raise ConnectionError
        self.queues += [(app, envelope.id) for envelope in envelopes]

    def depth(self, app):
        return self.depths.get(app, 0)
