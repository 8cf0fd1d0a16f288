"""Parts of the benchmark that are measured in the same system share it."""

from itertools import groupby

import pytest

from devtools.bench.__main__ import _parser
from devtools.bench.parts import PARTS
from tests.servers import SYSTEMS

TOGETHER = [[*names] for _, names in groupby(PARTS, key=lambda name: PARTS[name].within)]


def test_parts_within_the_same_follow_each_other():
    assert len(TOGETHER) == len({part.within for part in PARTS.values()})


def test_the_tests_of_such_parts_are_handed_out_together():
    assert SYSTEMS["bench"] == tuple(names[0] for names in TOGETHER)


def test_several_parts_can_be_chosen():
    assert _parser().parse_args(["--only", "relay,emit"]).only == ["relay", "emit"]
    assert _parser().parse_args([]).only == [*PARTS]


def test_a_part_that_is_not_there_is_refused_by_name(capsys):
    with pytest.raises(SystemExit):
        _parser().parse_args(["--only", "relay,nothing"])
    assert "no part: nothing" in capsys.readouterr().err
