"""The settings as a process reads them that is started with other variables, without a process.

That a program ends with what they refuse, and with no more, is a test of `test_setting_types.py`.
"""

import runpy
import sys
from typing import Any
from unittest.mock import patch

import pytest

from shop.settings import BASE_DIR


def settings_with(**environment: str) -> dict[str, Any]:
    """Return all settings by name; raises SystemExit with what is wrong."""
    command = patch.object(sys, "argv", ["manage.py", "check"])
    with command, patch.dict("os.environ", environment):
        return runpy.run_path(str(BASE_DIR / "shop" / "settings.py"))


def refusal(**environment: str) -> str:
    """Return why there are no settings, a line for each reason."""
    with pytest.raises(SystemExit) as end:
        settings_with(**environment)
    return str(end.value)
