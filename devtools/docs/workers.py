"""The parts of a deployment that there are once for each reacting app."""

from collections.abc import Mapping
from string import Template

from devtools.inbound_programs import inbound_programs
from shop.environment import REACTING_APPS, Environment
from shop.settings import BASE_DIR, WORKER_MODULES

KUBERNETES = BASE_DIR / "deploy" / "kubernetes"
#: A worker's command, as YAML lists it.
WORKER = 'celery, -q, -A, {module}, worker, -n, "{app}@%h", --without-gossip, --without-mingle, -E'
COMPOSE = """\
  {app}:
    <<: *worker
    command: celery -q -A {module} worker -n {app}@%h --without-gossip --without-mingle -E"""

INBOUND = """\
  {name}:
    <<: *worker
    command: python manage.py {command}"""


def kubernetes_workers() -> str:
    """Return the manifests of all workers and of what takes in foreign events."""
    workers = [_worker(app, module) for app, module in WORKER_MODULES.items()]
    return "---\n".join([*workers, *kubernetes_inbound(inbound_programs())]).rstrip()


def kubernetes_inbound(programs: Mapping[str, str]) -> list[str]:
    """Return the manifests of these programs, given by name with their commands of `manage.py`."""
    return [_program(name, f"python, manage.py, {command}") for name, command in programs.items()]


def _worker(app: str, module: str) -> str:
    """Return the manifests of an app's worker, and of how many there are of it."""
    return f"{_program(app, WORKER.format(app=app, module=module))}---\n{_scaling(app)}"


def _program(program: str, command: str) -> str:
    return _filled("program", PROGRAM=program, NAME=_name(program), COMMAND=command)


def _scaling(app: str) -> str:
    return _filled("scaling", APP=app, NAME=_name(app))


def _filled(template: str, **values: str) -> str:
    text = (KUBERNETES / f"{template}.template.yaml").read_text(encoding="utf-8")
    return Template(text).substitute(values)


def _name(program: str) -> str:
    """Return a program's name as Kubernetes takes it: nothing has a _ in it."""
    return program.replace("_", "-")


def compose_workers() -> str:
    """Return the services of all workers and of what takes in foreign events, for compose.yaml."""
    services = [COMPOSE.format(app=app, module=module) for app, module in WORKER_MODULES.items()]
    inbound = [INBOUND.format(name=n, command=each) for n, each in inbound_programs().items()]
    return "\n".join([*services, *inbound])


def compose_bridges() -> str:
    """Return the variables of the bridges that are on, as compose.yaml hands them on."""
    on = WORKER_MODULES.keys() - set(REACTING_APPS)
    fields = Environment.model_fields.items()
    named = {name: field for name, field in fields if name.partition("_")[0] in on}
    lines = [f"    {name.upper()}: ${{{name.upper()}:-{f.default}}}" for name, f in named.items()]
    return "\n".join([f"    BRIDGES: {','.join(sorted(on))}", *lines] if on else lines)
