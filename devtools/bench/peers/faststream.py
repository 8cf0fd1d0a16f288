"""FastStream on Redis streams: a consumer group for each app, a second reader for what is left."""

import asyncio

import psycopg
from faststream import FastStream
from faststream.redis import RedisBroker, StreamSub

from devtools.bench.peers import job

STREAM = "events"


def setup() -> None:
    """Make the consumer groups: who joins later gets only what comes later."""
    asyncio.run(_setup())


async def _setup() -> None:
    async with RedisBroker(job.BROKER) as broker:
        client = await broker.connect()
        for name in job.APPS:
            await client.xgroup_create(STREAM, name, id="0", mkstream=True)


def consume(name: str) -> None:
    """Read the stream as an app."""
    asyncio.run(_consume(name))


async def _consume(name: str) -> None:
    broker = RedisBroker(job.BROKER)
    connection = await psycopg.AsyncConnection.connect(job.DATABASE, autocommit=True)

    async def react(number: int) -> None:
        await asyncio.sleep(job.WORK / 2)
        await connection.execute(job.EFFECT, (name, number))
        await asyncio.sleep(job.WORK / 2)

    idle = job.TAKE_UP_AFTER * 1000
    new = StreamSub(STREAM, group=name, consumer=name, max_records=10)
    left = StreamSub(STREAM, group=name, consumer=f"{name}-left", min_idle_time=idle)
    broker.subscriber(stream=left)(broker.subscriber(stream=new)(react))
    await FastStream(broker).run()


def emit(numbers: range) -> None:
    """Write each event down, and publish it then."""
    asyncio.run(_emit(numbers))


async def _emit(numbers: range) -> None:
    async with RedisBroker(job.BROKER) as broker:
        for number in job.committed(job.connect(), numbers):
            await broker.publish(number, stream=STREAM)


if __name__ == "__main__":
    job.run(setup, consume, emit)
