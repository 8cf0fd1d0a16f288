"""The parts of a deployment that there are once for each reacting app."""

from string import Template

from shop.settings import BASE_DIR, REACTING_APPS

KUBERNETES = BASE_DIR / "deploy" / "kubernetes"
COMPOSE = """\
  {app}:
    <<: *worker
    command: celery -q -A {app} worker -n {app}@%h --without-gossip --without-mingle -E"""


def kubernetes_workers() -> str:
    """Return the manifests of all apps' workers, from `worker.template.yaml`."""
    template = Template((KUBERNETES / "worker.template.yaml").read_text(encoding="utf-8"))
    return "---\n".join(template.substitute(APP=app) for app in REACTING_APPS).rstrip()


def compose_workers() -> str:
    """Return the services of all apps' workers, for compose.yaml."""
    return "\n".join(COMPOSE.format(app=app) for app in REACTING_APPS)
