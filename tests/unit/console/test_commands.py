"""What holds for every command of ours."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import BaseCommand, call_command, execute_from_command_line

from devtools.docs.commands import our_commands, usage

COMMANDS = our_commands()


def test_the_commands_of_our_apps_are_ours_and_no_others():
    assert {"docs", "events", "failed", "relay", "story"} <= set(COMMANDS)
    assert not {"migrate", "runserver"} & set(COMMANDS)


def test_a_command_says_what_it_is_for():
    assert [name for name in COMMANDS if len(COMMANDS[name].help.split()) <= 3] == []


def test_a_command_prints_its_help(capsys):
    for name, command in COMMANDS.items():
        with pytest.raises(SystemExit) as end:
            execute_from_command_line(["manage.py", name, "--help"])
        assert end.value.code == 0, name
        assert command.help.split()[0] in capsys.readouterr().out, name


def test_a_command_refuses_an_unknown_argument_in_one_line(capsys):
    for name in COMMANDS:
        with pytest.raises(SystemExit) as end:
            execute_from_command_line(["manage.py", name, "--no-such-thing"])
        assert end.value.code == 2, name
        (refusal,) = capsys.readouterr().err.splitlines()
        assert refusal.startswith(f"manage.py {name}: error: ")


def test_a_command_without_its_database_says_so_in_one_line():
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@/no?host=/nowhere"}
    command = [sys.executable, "manage.py", "failed", "list"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, cwd=settings.BASE_DIR
    )
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: the database is away")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["archive", "backfill loyalty", "rebuild loyalty"])
def test_what_goes_through_history_gives_way_to_all_other_programs(command, monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr(os, "nice", asked.append)
    monkeypatch.setattr(BaseCommand, "execute", lambda *args, **options: None)
    call_command(*command.split())
    assert asked == []
    execute_from_command_line(["manage.py", *command.split()])
    assert asked == [19]


def test_usage_is_one_line_without_what_all_commands_have():
    assert usage("story", COMMANDS["story"]) == "story [--json] order"
