"""Every part of the benchmark runs, and gives each of its figures."""

import json
import re
import subprocess
import sys

import pytest

from devtools.bench.parts import PARTS
from devtools.bench.report.plots import PLOTS
from devtools.system import PROJECT
from tests.system.rabbitmq import require_rabbitmq

#: As short as a run can be.
SHORT = {
    "orders": 2,
    "lines": 1,
    "rounds": 1,
    "placed": 2,
    "at-rest": 1,
    "events": 50,
    "peers": "ours,naive",
    "peer-events": 20,
    "kills": 1,
    "apps": 1,
    "quiet": 3,
    "most-backlog": 100,
    "most-history": 10_000,
    "most-lines": 1,
    "most-apps": 1,
    "most-workers": 1,
    "curve-events": 20,
    "curve-lines": 1,
    "rest": 0.1,
    "profile-seconds": 1,
}


@pytest.mark.parametrize("name", PARTS)
def test_a_short_run_gives_every_figure_of_the_part(name, tmp_path):
    if name == "rabbitmq":
        require_rabbitmq()
    command = [sys.executable, "-m", "devtools.bench", "--json", "--only", name]
    short = [f"--{option}={value}" for option, value in SHORT.items()]
    done = subprocess.run(
        [*command, *short, f"--report={tmp_path}"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert set(figures) == {name, *PARTS[name].keys}
    assert figures[name]
    # What emitting costs is a difference, of very few transactions here.
    assert name == "emit" or all(figures[key] > 0 for key in PARTS[name].keys)
    _assert_reported(name, figures, tmp_path)


def _assert_reported(name, figures, folder):
    """The report names the part, and shows each drawing that it has made."""
    report = (folder / "report.md").read_text()
    assert f"--only {name}" in report
    drawings = {path.name for path in folder.glob("*.svg")}
    assert drawings == set(re.findall(r"\((\S+\.svg)\)", report))
    assert drawings or name not in PLOTS
