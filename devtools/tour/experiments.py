"""The experiments, in the words of their page."""

from dataclasses import dataclass

from devtools.tour.programs import BROKER


@dataclass(frozen=True)
class Experiment:
    """Something that can be done to the shop, and the promise that it tries."""

    name: str
    title: str
    promise: str
    happens: str
    watch: str
    button: str
    #: what is so while it is broken; {app} is the one chosen
    state: str
    #: for how long, unless somebody says otherwise
    seconds: int = 30
    #: a program of this machine that it needs
    needs: str = ""
    #: whether one app is chosen for it
    of_app: bool = False

    @property
    def is_load(self) -> bool:
        """Tell whether nothing is broken in it."""
        return self.name == "orders"


EXPERIMENTS = (
    Experiment(
        "orders",
        "Place orders",
        "The shopper never waits, and every order ends.",
        "Shoppers fill a cart, pay and are answered, over HTTP like anybody else. Some cards of "
        "theirs are refused.",
        "Orders go from placed to shipped within seconds, app by app.",
        "Place the orders",
        "Shoppers are ordering",
        seconds=15,
    ),
    Experiment(
        "stop",
        "Stop an app",
        "An app may be off, as long as it likes: it catches up.",
        "The worker of one app is stopped. The others go on; what this one should react to waits "
        "in its queue and in the ledger.",
        "What waits for the app grows, then falls to nothing when it is back.",
        "Stop it",
        "{app} is stopped",
        of_app=True,
    ),
    Experiment(
        "freeze",
        "Freeze the broker",
        "The shopper never waits for anything behind the shop.",
        "The broker is held in the middle of whatever it does (SIGSTOP): connections stay open, "
        "nothing answers. The shop takes orders meanwhile.",
        "No event reaches an app, and yet every shopper is answered.",
        "Freeze it",
        "The broker is frozen",
        seconds=15,
        needs=BROKER,
    ),
    Experiment(
        "kill",
        "Kill a worker in the middle",
        "Any process may die at any moment: nothing is lost, nothing happens twice.",
        "The worker of one app is killed with kill -9 every few seconds, with messages in its "
        "hands. It is started again each time; what it held is sent again some seconds later.",
        "The app falls back a little, and goes on where it was.",
        "Kill it",
        "{app} is killed again and again",
        seconds=20,
        of_app=True,
    ),
    Experiment(
        "decline",
        "Decline cards",
        "A step that fails is made good: stock goes back, no money is kept, the order ends.",
        "The bank refuses each shopper's card, some at once and some when the money is taken. "
        "Every second shopper then pays with another card, the others give up.",
        "Orders that end as cancelled: their stories show the stock released.",
        "Decline them",
        "The bank declines cards",
    ),
    Experiment(
        "twice",
        "Send everything twice",
        "Nothing takes effect twice, however often its message comes.",
        "The last 100 events are published again to every app, and again some seconds later.",
        "No second mail, no second charge: each copy finds its reaction done.",
        "Send them again",
        "Copies of events are sent",
        seconds=15,
    ),
)
BY_NAME = {each.name: each for each in EXPERIMENTS}
