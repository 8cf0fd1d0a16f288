"""`python -m tests.audit`: are there known vulnerabilities in what we have pinned?

Exit code 1 when there are. Where nobody can be asked, or not about every package, it says so
and never that all is well; with AUDIT_REQUIRED=1, for a machine that reaches the list, that is
an exit code of 1 too.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

REQUIREMENTS = Path(__file__).parent.parent / "requirements.txt"
TIMEOUT = 120


def main() -> None:
    found = _asked()
    weak = [package for package in found if package.get("vulns")]
    unknown = [package["name"] for package in found if "skip_reason" in package]
    for package in weak:
        ids = ", ".join(each["id"] for each in package["vulns"])
        sys.stderr.write(f"pip-audit: {package['name']} {package['version']}: {ids}\n")
    unasked = f"{len(unknown)} of {len(found)} packages" if found else "all packages"
    incomplete = not found or bool(unknown)
    if incomplete:
        sys.stderr.write(f"pip-audit: NOT CHECKED: {unasked}; PyPI did not tell of them\n")
    else:
        sys.stdout.write(f"pip-audit: nothing is known against {len(found)} packages\n")
    raise SystemExit(bool(weak) or (incomplete and os.environ.get("AUDIT_REQUIRED") == "1"))


def _asked() -> list[dict[str, Any]]:
    """Return pip-audit's answer, a package each; nothing where it got none at all."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(REQUIREMENTS)]
    options = ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    try:
        done = subprocess.run(command + options, capture_output=True, text=True, timeout=TIMEOUT)
        return json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return []


if __name__ == "__main__":
    main()
