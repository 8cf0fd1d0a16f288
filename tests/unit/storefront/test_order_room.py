"""How many order pages a process keeps open."""

import os
import resource

import pytest

from shop.storefront.live.stream_limit import stream_limit


def told(read: int) -> str:
    with open(read) as pipe:
        return pipe.read()


def tell(write: int, soft: int, hard: int) -> None:
    """Write how many streams a process may have that was started so, and how many files then."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = f"{stream_limit()} {resource.getrlimit(resource.RLIMIT_NOFILE)[0]}"
    os.write(write, room.encode())


@pytest.mark.parametrize(
    ("soft", "hard", "expected"), [(256, 1024, "512 1024"), (1024, 12000, "5000 12000")]
)
def test_process_takes_all_files_it_may_have_and_leaves_half_to_the_rest(soft, hard, expected):
    read, write = os.pipe()
    if not (pid := os.fork()):
        try:
            tell(write, soft, hard)
        finally:
            os._exit(0)
    os.close(write)
    assert told(read) == expected
    os.waitpid(pid, 0)
