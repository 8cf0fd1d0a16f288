"""The faults, each a function: it breaks something, waits, and repairs what it broke.

What is killed is left to those who start it again; what is broken in the harness is healed here.
"""

import importlib
import pkgutil

from devtools.chaos.faults.fault import FAULTS, Fault

__all__ = ["FAULTS", "Fault"]

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
