"""A guard: a line of the code without which a promise breaks, and the tests that would tell."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class GuardLost(Exception):
    """A guard is not where the list says: put the list right, or the code."""


@dataclass(frozen=True)
class Guard:
    name: str
    #: what goes wrong without it, for people
    without: str
    file: str
    #: the text that makes it work, as it stands in the file once, and what takes its place
    text: str
    instead: str
    #: what fails without it, each by itself
    tests: Sequence[str]
    #: whether its tests need a RabbitMQ
    rabbitmq: bool = False

    def source(self, project: Path) -> str:
        """The file as it is. Raises `GuardLost` unless the guard is in it, once."""
        path = project / self.file
        if not path.exists():
            raise GuardLost(f"{self.name}: there is no file {self.file}")
        source = path.read_text()
        if (times := source.count(self.text)) != 1:
            raise GuardLost(f"{self.name}: its text is {times} times in {self.file}, not once")
        return source

    @contextmanager
    def taken_out(self, project: Path) -> Iterator[None]:
        """The project without it, for the length of the block."""
        source = self.source(project)
        path = project / self.file
        path.write_text(source.replace(self.text, self.instead))
        try:
            yield
        finally:
            path.write_text(source)
