"""Which reactions read which field of an event: seen in their code, without running it.

What counts is attribute access on the event that a reaction is given, and on the values in it,
in the reaction and in whatever functions of its app the event or a value is passed on to. What
leaves the app, or is stored as a whole, may be read by anybody.
"""

from typing import NamedTuple

from eventbus import registry
from eventbus.contracts.changes import Path
from eventbus.contracts.parts import Part, Parts
from eventbus.contracts.reading import Reading, Reads
from eventbus.contracts.sources import Sources, function_of
from eventbus.event import Event
from eventbus.registry import Reaction


class Readers(NamedTuple):
    """The reactions that read a field, and those that pass on all of what it is in."""

    reading: tuple[str, ...] = ()
    passing_on: tuple[str, ...] = ()


def readers_of(event_class: type[Event], path: Path) -> Readers:
    """Return the names of the reactions that have to do with a field of an event."""
    reading, passing_on = [], []
    for reaction in registry.reactions_to(event_class.type):
        reads, name = reads_of(reaction, event_class), f"{reaction.app}.{reaction.name}"
        if reads.has(path):
            reading.append(name)
        elif reads.may_have(path):
            passing_on.append(name)
    return Readers(tuple(reading), tuple(passing_on))


def reads_of(reaction: Reaction, event_class: type[Event]) -> Reads:
    """Return what a reaction reads of an event; all of it where its source is not to be had."""
    function, reads = function_of(reaction.function), Reads()
    if function is None:
        reads.whole.add(())
    else:
        sources = Sources(reaction.function.__module__, reaction.app)
        event: Parts = {Part((), event_class)}
        Reading(sources, reads).follow(function, {function.args.args[0].arg: event})
    return reads
