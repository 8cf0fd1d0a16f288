"""Database and broker killed, frozen, wiped, and the way to the broker in trouble."""

import time
from typing import TYPE_CHECKING

from devtools.chaos.faults.fault import fault

if TYPE_CHECKING:
    from devtools.chaos.system_under_test import SystemUnderTest

#: Seconds by which a slow network holds back whatever passes, each way.
SLOW = 0.3


@fault()
def kill_database(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """kill -9 of PostgreSQL, which is started again"""
    sut.process("postgres").kill()


@fault(takes_time=True)
def freeze_database(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """PostgreSQL stands still (SIGSTOP), then goes on"""
    with sut.frozen(sut.process("postgres")):
        time.sleep(seconds)


@fault(takes_time=True)
def kill_broker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """kill -9 of the broker, which is started again after a while"""
    with sut.broker_restarts:
        sut.broker.kill()
        time.sleep(seconds)
        sut.broker.start()


@fault(takes_time=True)
def freeze_broker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """the broker stands still (SIGSTOP), then goes on"""
    with sut.frozen(sut.broker_process()):
        time.sleep(seconds)


@fault()
def wipe_broker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """all data of the broker gone: queues, bindings, messages"""
    with sut.broker_restarts:
        sut.broker.wipe()


@fault()
def cut_broker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """every connection to the broker cut"""
    sut.proxy.cut()


@fault(takes_time=True)
def refuse_broker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """the broker cannot be reached: connections are cut and refused"""
    sut.proxy.refuse()
    time.sleep(seconds)
    sut.proxy.heal()


@fault(takes_time=True)
def slow_broker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """the way to the broker is slow: 0.3 s each way for whatever passes"""
    sut.proxy.delay(SLOW)
    time.sleep(seconds)
    sut.proxy.heal()


@fault(takes_time=True)
def blackhole_broker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """the way to the broker swallows everything, no connection breaks"""
    sut.proxy.blackhole()
    time.sleep(seconds)
    sut.proxy.heal()


@fault(takes_time=True, at_least=10)
def full_broker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """the broker's memory is full: it answers, and takes no message"""
    sut.broker.fill()
    time.sleep(seconds)
    sut.broker.make_room()
