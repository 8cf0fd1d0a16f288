"""Every part of the benchmark runs, and gives each of its figures."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from devtools.bench.parts import PARTS
from devtools.bench.report.plots import PLOTS
from devtools.system import PROJECT
from tests.system.rabbitmq import require_rabbitmq

#: As short as a run can be.
SHORT = {
    "orders": 1,
    "lines": 1,
    "rounds": 1,
    "placed": 2,
    "at-rest": 1,
    "events": 20,
    "peers": "ours,naive",
    "peer-events": 20,
    "kills": 1,
    "apps": 1,
    "quiet": 3,
    "most-backlog": 100,
    "most-history": 1_000,
    "most-lines": 1,
    "most-apps": 1,
    "most-workers": 1,
    "curve-events": 20,
    "curve-lines": 1,
    "backfill-events": 100,
    "calm": 4,
    "rest": 0.1,
    "profile-seconds": 1,
}


#: The parts by the system in which they are measured, one after the other.
TOGETHER = [tuple(names) for _, names in groupby(PARTS, key=lambda name: PARTS[name].within)]


@dataclass(frozen=True)
class Measured:
    """What a run has printed, and the folder of its report."""

    figures: dict[str, Any]
    folder: Path


@pytest.fixture(scope="module")
def measured(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    database_template: None,
) -> Measured:
    """Measure parts that share a system, as briefly as can be."""
    if "rabbitmq" in request.param:
        require_rabbitmq()
    folder = tmp_path_factory.mktemp("report")
    command = [sys.executable, "-m", "devtools.bench", "--json", "--only", ",".join(request.param)]
    short = [f"--{option}={value}" for option, value in SHORT.items()]
    done = subprocess.run(
        [*command, *short, f"--report={folder}"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Measured(json.loads(done.stdout), folder)


@pytest.mark.parametrize(
    ("measured", "name"),
    [pytest.param(parts, name, id=f"{parts[0]}-{name}") for parts in TOGETHER for name in parts],
    indirect=["measured"],
    scope="module",
)
def test_a_short_run_gives_every_figure_of_the_part(measured, name):
    figures = measured.figures
    assert set(figures) >= {name, *PARTS[name].keys}
    assert figures[name]
    # What emitting costs is a difference, of very few transactions here.
    assert name == "emit" or all(figures[key] > 0 for key in PARTS[name].keys)
    _assert_reported(name, measured.folder)


def _assert_reported(name, folder):
    """The report names the part, and shows each drawing that was made."""
    report = (folder / "report.md").read_text()
    assert f"--only {name}" in report
    drawings = {path.name for path in folder.glob("*.svg")}
    assert drawings == set(re.findall(r"\((\S+\.svg)\)", report))
    assert name not in PLOTS or any(each.startswith(f"{name}-") for each in drawings)
