"""The shapes of a story's picture, in pixels."""

from dataclasses import dataclass, field

from eventbus.console.render_tree import format_duration
from eventbus.console.story_svg.axis import Cut, Tick
from eventbus.delivery.models import Delivery

WIDTH = 1280.0
#: Pixels for the names of the lanes, above the first lane, of a row, and of a letter.
LEFT, TOP, ROW, LETTER = 112.0, 34.0, 22.0, 6.2
#: Pixels for the label of what is last.
RIGHT = 200.0
#: Where time begins and ends.
EDGES = (LEFT + 8, WIDTH - RIGHT)
#: The least that is seen of a bar.
LEAST = 3.0
#: Of bars, by state; readable on white and on black. The label says the state as well.
COLOURS = {
    Delivery.State.DONE: "#2f8f5b",
    Delivery.State.WAITING: "#7a869a",
    Delivery.State.FAILED: "#d9822b",
    Delivery.State.PARKED: "#d64545",
    Delivery.State.DISCARDED: "#8e6bbf",
    Delivery.State.MUTED: "#5b7fa6",
}


@dataclass(frozen=True)
class Window:
    """The part of a story to draw, in milliseconds since it began."""

    begin: int
    end: int

    def shows(self, begin: int, end: int) -> bool:
        return begin <= self.end and end >= self.begin

    def parts(self) -> list["Window"]:
        """Return its halves and the middle between them, to zoom in."""
        quarter = (self.end - self.begin) // 4
        starts = (self.begin, self.begin + quarter, self.begin + 2 * quarter)
        return [Window(start, start + 2 * quarter) for start in starts] if quarter else []

    def __str__(self) -> str:
        return f"+{format_duration(self.begin)} to +{format_duration(self.end)}"


@dataclass(frozen=True)
class Dot:
    """An event: `id` is its own, `title` all that is known of it in a line."""

    x: float
    y: float
    id: str
    label: str
    title: str
    published: bool

    @property
    def label_x(self) -> float:
        return self.x + 9


@dataclass(frozen=True)
class Bar:
    """A reaction: waited from `x` to `work`, worked from there to `end`."""

    x: float
    y: float
    work: float
    end: float
    id: str
    label: str
    title: str
    state: str

    @property
    def waited(self) -> float:
        return round(self.work - self.x, 1)

    @property
    def worked(self) -> float:
        return round(max(self.end - self.work, LEAST), 1)

    @property
    def label_x(self) -> float:
        return round(self.work + self.worked + 4, 1)

    @property
    def colour(self) -> str:
        return COLOURS[Delivery.State(self.state)]


@dataclass(frozen=True)
class Line:
    """From an event to a reaction to it."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Lane:
    """An app's part of the picture, with as many rows as nothing in it overlaps."""

    app: str
    top: float
    rows: int

    @property
    def height(self) -> float:
        return self.rows * ROW + 8

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass
class Picture:
    """Everything to draw, in pixels; `window` is what it shows of `whole`."""

    window: Window
    whole: Window
    lanes: list[Lane] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    #: parts of it to look at more closely
    parts: list[Window] = field(default_factory=list)
    width: float = WIDTH
    left: float = LEFT
    top: float = TOP

    @property
    def height(self) -> float:
        return (self.lanes[-1].top + self.lanes[-1].height if self.lanes else TOP) + 8
