"""Writes the parts of the deployment that there are once for each reacting app.

python -m shop.deploying [--check]
"""

import argparse
from pathlib import Path
from string import Template

from shop.settings import BASE_DIR, REACTING_APPS

KUBERNETES = BASE_DIR / "deploy" / "kubernetes"
MADE = (
    "# Made by `python -m shop.deploying` from worker.template.yaml: one for each reacting app.\n"
)


def workers(folder: Path = KUBERNETES) -> str:
    """The manifests of all apps' workers."""
    template = Template((folder / "worker.template.yaml").read_text())
    return MADE + "---\n".join(template.substitute(APP=app) for app in REACTING_APPS)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m shop.deploying", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether it is as it was")
    options = parser.parse_args()
    file = KUBERNETES / "workers.yaml"
    if options.check and file.read_text() != workers():
        raise SystemExit(f"{file.name} is stale: run python -m shop.deploying")
    if not options.check:
        file.write_text(workers())


if __name__ == "__main__":
    main()
