"""The list of guards stays true; that tests miss each of them is `make guards`."""

import sys
from contextlib import nullcontext
from dataclasses import dataclass

import pytest

from devtools.system import PROJECT
from tests.guards import __main__, page
from tests.guards.catalogue import GUARDS
from tests.guards.guard import Guard, GuardLost
from tests.guards.trial import Trial


def test_every_guard_is_where_the_list_says_once():
    for guard in GUARDS:
        assert guard.text in guard.source(PROJECT), guard.name
        assert guard.text != guard.instead, guard.name


def test_every_test_that_would_tell_is_there():
    for test in sorted({test for guard in GUARDS for test in guard.tests}):
        file, *names = test.split("::")
        assert (PROJECT / file).exists(), test
        source = (PROJECT / file).read_text() if names else ""
        for name in names:
            assert f"{name.partition('[')[0]}(" in source or f"class {name}:" in source, test


def test_every_guard_has_a_name_of_its_own_and_a_test():
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)
    assert all(guard.tests for guard in GUARDS)


def test_the_page_shows_the_list():
    assert page.PAGE.read_text() == page.HEAD + "".join(map(page.line, GUARDS))


def test_a_guard_that_is_gone_or_there_twice_is_named(tmp_path):
    guard = Guard("the lock", "chaos", "code.py", "lock()", "", tests=["tests"])
    for source, times in (("go()", 0), ("lock() or lock()", 2)):
        (tmp_path / "code.py").write_text(source)
        with pytest.raises(GuardLost, match=f"the lock: its text is {times} times in code.py"):
            guard.source(tmp_path)


def test_a_guard_is_put_back(tmp_path):
    guard = Guard("the lock", "chaos", "code.py", "lock()", "", tests=["tests"])
    (tmp_path / "code.py").write_text("lock(); go()")
    with guard.taken_out(tmp_path):
        assert (tmp_path / "code.py").read_text() == "; go()"
    assert (tmp_path / "code.py").read_text() == "lock(); go()"


#: How pytest ends when two tests failed and one could not begin.
SUMMARY = """\
=========================== short test summary info ============================
FAILED tests/test_few.py::TestLock::test_held[a - b] - AssertionError: assert False
FAILED tests/test_few.py::test_flaky
ERROR tests/test_few.py::test_no_server - RuntimeError: no server
2 failed, 1 error, 40 passed in 9.86s
"""


def test_what_fails_beside_others_and_not_alone_is_not_held_against_a_run(tmp_path, monkeypatch):
    tried = Trial(tmp_path, {})
    tried.output = SUMMARY
    monkeypatch.setattr(
        tried, "passes", lambda tests, **_: tests == ["tests/test_few.py::test_flaky"]
    )
    assert tried.failing(["tests/test_few.py"]) == [
        "tests/test_few.py::TestLock::test_held[a - b]",
        "tests/test_few.py::test_no_server",
    ]


def test_a_test_is_silent_only_if_it_is_so_twice(tmp_path, monkeypatch):
    (tmp_path / "code.py").write_text("lock()")
    passes = {"never": iter([True, True]), "late": iter([True, False]), "at once": iter([False])}
    tried = Trial(tmp_path, {})
    monkeypatch.setattr(tried, "passes", lambda tests: next(passes[tests[0]]))
    guard = Guard("the lock", "chaos", "code.py", "lock()", "", tests=list(passes))
    assert tried.silent(guard) == ["never"]


@pytest.mark.parametrize("options", [["--only", "lock"], []])
def test_the_page_stays_as_it_is_unless_all_guards_were_tried_and_missed(
    monkeypatch, tmp_path, options
):
    silent = [] if options else ["tests::test_right"]
    kept = tmp_path / "guards.md"
    kept.write_text("as it was")
    monkeypatch.setattr(page, "PAGE", kept)
    monkeypatch.setattr(__main__, "trial", lambda: nullcontext(Tried(silent)))
    monkeypatch.setattr(sys, "argv", ["guards", *options])
    assert __main__.main() == bool(silent)
    assert kept.read_text() == "as it was"


@dataclass
class Tried:
    """A trial in which no test fails, and each guard's tests are as `silent_tests`."""

    silent_tests: list[str]

    def failing(self, tests):
        return []

    def silent(self, guard):
        return self.silent_tests
