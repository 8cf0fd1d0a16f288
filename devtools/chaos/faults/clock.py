"""Clocks that jump."""

from typing import TYPE_CHECKING

from devtools.chaos.faults.fault import fault

if TYPE_CHECKING:
    from devtools.chaos.system_under_test import SystemUnderTest

#: Of what is scheduled one in so many.
ONE_IN = 20

_SCHEDULED = "published_at is null and publish_after > now()"
_ONE_IN = f"abs(hashtext(id::text)) %% {ONE_IN} = %s"


@fault(targets=["forward", "back"])
def clock_jump(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """the clock jumps: of what is scheduled one in twenty is due at once, or a minute later"""
    when = "now()" if target == "forward" else "publish_after + interval '1 minute'"
    query = (
        f"update eventbus_outboxevent set publish_after = {when} where {_SCHEDULED} and {_ONE_IN}"
    )
    sut.rows(query, sut.random.randrange(ONE_IN))
