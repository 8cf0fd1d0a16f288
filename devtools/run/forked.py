"""Python programs in processes forked for them: what is imported once is there, and shared."""

import atexit
import gc
import importlib
import os
import runpy
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import django

from shop import process_tree

#: What programs of the bus import besides Django's apps.
OF_THE_BUS = (
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "celery.worker.worker",
    # By it a process of a pool asks the kernel to end it with its parent.
    "cffi.cparser",
    "eventbus.messaging.consumer",
    "eventbus.messaging.control",
    "eventbus.messaging.handling",
    "eventbus.messaging.node",
    "eventbus.messaging.worker",
)
#: The shop's, too. All pages: a worker needs them with its first link.
OF_THE_SHOP = (*OF_THE_BUS, "shop.urls")


def preload(modules: Sequence[str] = OF_THE_SHOP) -> None:
    """Import what programs need, into memory that no garbage collection marks afterwards."""
    django.setup()
    for name in modules:
        importlib.import_module(name)
    # Celery says so because of pickle; we accept JSON only.
    warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")
    gc.collect()
    gc.freeze()


def fork(work: Callable[[], None]) -> int:
    """Do this in a child that ends with us, as an interpreter would; returns its process id.

    No thread may run yet. The child's signals are those of a new interpreter.
    """
    pid = os.fork()
    if pid:
        return pid
    try:
        process_tree.end_with_parent()
        reset_signals()
        end(exit_code_of(work))
    finally:
        # Whatever happens, this process does not go on where its parent does.
        os._exit(1)


def become(argv: Sequence[str], env: Mapping[str, str]) -> NoReturn:
    """Become `python` with these arguments, in this process, which was forked for it."""
    os.environ.clear()
    os.environ.update(env)
    reset_signals()
    end(exit_code_of(partial(run, argv)))


def run(argv: Sequence[str]) -> None:
    """Run a module or a file as `python` would."""
    if argv[0] == "-m":
        sys.argv = list(argv[1:])
        runpy.run_module(argv[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = list(argv)
        runpy.run_path(argv[0], run_name="__main__")


def print_to(descriptor: int) -> None:
    """Print into this from now on; what is printed is there at once."""
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115 as long as the process


def reset_signals() -> None:
    """Forget the handlers of the process that forked this one, as a new interpreter would."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def exit_code_of(work: Callable[[], None]) -> int:
    """Run a program; returns the code that `python` would end with."""
    try:
        work()
    except SystemExit as end:
        return _exit_code(end.code)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _exit_code(said: Any) -> int:
    if said is None or isinstance(said, int):
        return said or 0
    sys.stderr.write(f"{said}\n")
    return 1


def end(code: int) -> NoReturn:
    """End as an interpreter does. What is left of its parent in this process is not undone."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
