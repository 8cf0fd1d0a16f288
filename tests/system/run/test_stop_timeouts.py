"""How long each program has to end is the operator's choice."""

from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from devtools.run import __main__ as running
from devtools.run.supervisor import write_workers


@pytest.mark.parametrize("within", [3, 40])
def test_each_program_has_as_long_as_the_setting_says(
    within: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(running.env, "shop_stop_within", within)
    write_workers(tmp_path, {"billing": "billing"}, concurrency=1, level="INFO")
    (tmp_path / "log").mkdir()
    for name, value in running.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SHOP_STATE", str(tmp_path))
    options = ServerOptions()
    options.realize(["-c", str(running.BASE_DIR / "supervisord.conf")])
    groups = {group.name: group.process_configs for group in options.process_group_configs}
    waits = {each.name: each.stopwaitsecs for each in groups["apps"]}
    assert waits.keys() >= {"web", "relay", "flower", "billing"}
    assert {*waits.values()} == {within + 1}
    (web,) = (each for each in groups["apps"] if each.name == "web")
    assert f"--timeout-graceful-shutdown {within} " in web.command
