"""Database and broker killed, frozen, wiped, and the way to the broker in trouble."""

import time
from typing import TYPE_CHECKING

from devtools.chaos.faults.fault import fault

if TYPE_CHECKING:
    from devtools.chaos.world import World

#: Seconds by which a slow network holds back whatever passes, each way.
SLOW = 0.3


@fault()
def kill_database(world: "World", target: str, seconds: float) -> None:
    """kill -9 of PostgreSQL, which is started again"""
    world.process("postgres").kill()


@fault(takes_time=True)
def freeze_database(world: "World", target: str, seconds: float) -> None:
    """PostgreSQL stands still (SIGSTOP), then goes on"""
    with world.frozen(world.process("postgres")):
        time.sleep(seconds)


@fault(takes_time=True)
def kill_broker(world: "World", target: str, seconds: float) -> None:
    """kill -9 of the broker, which is started again after a while"""
    with world.broker_restarts:
        world.broker.kill()
        time.sleep(seconds)
        world.broker.start()


@fault(takes_time=True)
def freeze_broker(world: "World", target: str, seconds: float) -> None:
    """the broker stands still (SIGSTOP), then goes on"""
    with world.frozen(world.broker_process()):
        time.sleep(seconds)


@fault()
def wipe_broker(world: "World", target: str, seconds: float) -> None:
    """all data of the broker gone: queues, bindings, messages"""
    with world.broker_restarts:
        world.broker.wipe()


@fault()
def cut_broker(world: "World", target: str, seconds: float) -> None:
    """every connection to the broker cut"""
    world.proxy.cut()


@fault(takes_time=True)
def refuse_broker(world: "World", target: str, seconds: float) -> None:
    """the broker cannot be reached: connections are cut and refused"""
    world.proxy.refuse()
    time.sleep(seconds)
    world.proxy.heal()


@fault(takes_time=True)
def slow_broker(world: "World", target: str, seconds: float) -> None:
    """the way to the broker is slow: 0.3 s each way for whatever passes"""
    world.proxy.delay(SLOW)
    time.sleep(seconds)
    world.proxy.heal()


@fault(takes_time=True)
def blackhole_broker(world: "World", target: str, seconds: float) -> None:
    """the way to the broker swallows everything, no connection breaks"""
    world.proxy.blackhole()
    time.sleep(seconds)
    world.proxy.heal()


@fault(takes_time=True, at_least=10)
def full_broker(world: "World", target: str, seconds: float) -> None:
    """the broker's memory is full: it answers, and takes no message"""
    world.broker.fill()
    time.sleep(seconds)
    world.broker.make_room()
