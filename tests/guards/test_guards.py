"""The list of guards stays true; that tests miss each of them is `make guards`."""

import pytest

from devtools.system import PROJECT
from tests.guards import page
from tests.guards.catalogue import GUARDS
from tests.guards.guard import Guard, GuardLost


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
