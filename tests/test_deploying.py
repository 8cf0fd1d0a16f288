"""The manifests are what the tools take, and say of every app what there is to say."""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from devtools.docs import workers
from devtools.docs.workers import KUBERNETES
from shop.environment import Environment
from shop.settings import BASE_DIR, REACTING_APPS

COMPOSE = BASE_DIR / "compose.yaml"
FILES = set(KUBERNETES.glob("*.yaml")) - set(KUBERNETES.glob("*.template.yaml"))
PROGRAMS = {"web", "relay", *REACTING_APPS}
#: What takes in foreign events: made where there are any, and held to the same rules.
INBOUND = {"inbound": "inbound", "kafka-inbound": "kafka_inbound"}
DEPLOYED = PROGRAMS | set(INBOUND)
KNOWN = {name.upper() for name in Environment.model_fields}
#: Of other makers, whose schemas no package has.
FOREIGN = {
    "Cluster",
    "RabbitmqCluster",
    "ScaledObject",
    "Kustomization",
    "Issuer",
    "Certificate",
}
#: What an address is put together of, by Kubernetes, and nothing else reads.
PARTS = {"BROKER_USER", "BROKER_PASSWORD"}
#: A word that names a secret.
SECRET = re.compile(r"KEY|PASSWORD|PASS$|TOKEN|SECRET|DATABASE_URL|BROKER_URL|EMAIL_URL")


@cache
def manifests() -> list[dict[str, Any]]:
    texts = [*(file.read_text() for file in FILES), *workers.kubernetes_inbound(INBOUND)]
    return [each for text in texts for each in yaml.load_all(text, yaml.CSafeLoader)]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {m["metadata"]["name"]: m for m in manifests() if m["kind"] == kind}


def pods() -> list[dict[str, Any]]:
    kinds = {**of_kind("Deployment"), **of_kind("Job")}
    return [manifest["spec"]["template"]["spec"] for manifest in kinds.values()]


def containers() -> list[dict[str, Any]]:
    return [each for pod in pods() for each in [*pod.get("initContainers", []), *pod["containers"]]]


@cache
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(COMPOSE.read_text())["services"]


def test_a_manifest_fits_the_schema_of_kubernetes():
    for manifest in manifests():
        if manifest["kind"] not in FOREIGN:
            kubernetes_validate.validate(manifest, "1.37", strict=True)


def test_compose_fits_the_schema_of_compose():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(COMPOSE)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_servers_are_made_by_their_operators():
    versions = {m["kind"]: m["apiVersion"] for m in manifests() if m["kind"] in FOREIGN}
    assert versions == {
        "Cluster": "postgresql.cnpg.io/v1",
        "RabbitmqCluster": "rabbitmq.com/v1beta1",
        "ScaledObject": "keda.sh/v1alpha1",
        "Issuer": "cert-manager.io/v1",
        "Certificate": "cert-manager.io/v1",
        "Kustomization": "kustomize.config.k8s.io/v1beta1",
    }


def test_every_file_is_applied():
    (listed,) = [m["resources"] for m in manifests() if m["kind"] == "Kustomization"]
    assert set(listed) == {file.name for file in FILES} - {"kustomization.yaml"}


def test_every_program_has_a_deployment_a_budget_and_a_service_of_compose():
    assert set(of_kind("Deployment")) == set(of_kind("PodDisruptionBudget")) == DEPLOYED
    assert set(services()) >= PROGRAMS


def test_every_app_is_scaled_by_the_age_of_what_waits_for_it():
    scaled = of_kind("ScaledObject")
    assert set(scaled) == set(REACTING_APPS)
    for app, manifest in scaled.items():
        assert manifest["spec"]["scaleTargetRef"]["name"] == app
        (trigger,) = manifest["spec"]["triggers"]
        assert f'shop_oldest_waiting_seconds{{app="{app}"}}' in trigger["metadata"]["query"]


def test_a_worker_takes_the_queue_it_is_named_after():
    for app in REACTING_APPS:
        (container,) = of_kind("Deployment")[app]["spec"]["template"]["spec"]["containers"]
        assert container["command"][:4] == ["celery", "-q", "-A", app]
        assert f"-A {app} worker" in services()[app]["command"]


def test_what_takes_in_foreign_events_is_deployed_where_there_are_any(monkeypatch):
    for program, command in INBOUND.items():
        (container,) = of_kind("Deployment")[program]["spec"]["template"]["spec"]["containers"]
        assert container["command"] == ["python", "manage.py", command]
    for programs in (INBOUND, {}):
        monkeypatch.setattr(workers, "inbound_programs", lambda there=programs: there)
        made = yaml.safe_load_all(workers.kubernetes_workers())
        names = {manifest["metadata"]["name"] for manifest in made}
        assert names & set(INBOUND) == set(programs)


def test_an_app_of_two_words_has_a_name_that_kubernetes_takes(monkeypatch):
    monkeypatch.setattr(workers, "WORKER_MODULES", {"price_watch": "price_watch"})
    monkeypatch.setattr(workers, "inbound_programs", dict)
    made = list(yaml.safe_load_all(workers.kubernetes_workers()))
    assert {manifest["metadata"]["name"] for manifest in made} == {"price-watch"}
    (container,) = made[0]["spec"]["template"]["spec"]["containers"]
    assert container["command"][3:7] == ["price_watch", "worker", "-n", "price_watch@%h"]


def test_every_variable_is_one_that_the_settings_read():
    named = {entry["name"] for each in containers() for entry in each.get("env", ())}
    named |= {name for settings in of_kind("ConfigMap").values() for name in settings["data"]}
    for program in PROGRAMS | {"prepare"}:
        named |= set(services()[program]["environment"])
    assert named <= KNOWN | PARTS


def test_compose_tells_the_shop_what_production_needs():
    """What it leaves to the operator is asked for before anything starts."""
    environment = services()["web"]["environment"]
    for name in ("SECRET_KEY", "FINGERPRINT_KEY", "EVENTBUS_KEYS", "FLOWER_PASSWORD", "SHOP_URL"):
        assert f"${{{name}:?" in environment[name]
    assert "${ALLOWED_HOSTS:?" in environment["ALLOWED_HOSTS"]


def test_no_secret_stands_in_a_file():
    for each in containers():
        written = [e for e in each.get("env", ()) if "value" in e and SECRET.search(e["name"])]
        assert all(":$(BROKER_PASSWORD)@" in entry["value"] for entry in written)
    for settings in of_kind("ConfigMap").values():
        assert not [name for name in settings["data"] if SECRET.search(name)]
    for service in services().values():
        for name, value in service.get("environment", {}).items():
            assert not SECRET.search(name) or "${" in value


def test_no_program_of_the_shop_is_a_superuser_of_its_database():
    postgres = services()["postgres"]
    assert not {"POSTGRES_USER", "POSTGRES_DB"} & set(postgres["environment"])
    assert any(volume.startswith("./deploy/owner.sql:") for volume in postgres["volumes"])
    for program in PROGRAMS | {"prepare"}:
        url = services()[program]["environment"]["DATABASE_URL"]
        assert url.startswith("postgresql://shop:${SHOP_DATABASE_PASSWORD:?")


def test_every_container_has_its_share_and_no_rights_it_does_not_need():
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"]
    for each in containers():
        assert set(each["resources"]["requests"]) == {"cpu", "memory"}
        assert each["resources"]["limits"]["memory"]
        assert each["securityContext"]["allowPrivilegeEscalation"] is False
        assert each["securityContext"]["readOnlyRootFilesystem"] is True
        assert each["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def policies() -> dict[str, dict[str, Any]]:
    return {name: each["spec"] for name, each in of_kind("NetworkPolicy").items()}


def test_nobody_speaks_to_anybody_unless_a_policy_says_so():
    assert policies()["nobody"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_every_program_may_go_where_the_shops_programs_go():
    chosen = policies()["programs"]["podSelector"]["matchLabels"]
    for manifest in {**of_kind("Deployment"), **of_kind("Job")}.values():
        assert chosen.items() <= manifest["spec"]["template"]["metadata"]["labels"].items()


def test_only_programs_of_the_shop_get_at_database_and_broker():
    for name, port in (("database", 5432), ("broker", 5671)):
        ours = {"matchLabels": {"app.kubernetes.io/part-of": "shop"}}
        (way,) = [
            way for way in policies()[name]["ingress"] if {"podSelector": ours} in way["from"]
        ]
        assert way["ports"] == [{"port": port}]


def test_the_broker_is_spoken_to_over_tls_alone():
    (broker,) = of_kind("RabbitmqCluster").values()
    assert broker["spec"]["tls"]["disableNonTLSListeners"] is True
    urls = [e["value"] for c in containers() for e in c.get("env", ()) if e["name"] == "BROKER_URL"]
    assert len(urls) == len(DEPLOYED) + 1
    assert {url.partition("@")[2] for url in urls} == {"shop-broker:5671//"}
    assert all(url.startswith("amqps://") for url in urls)
    (settings,) = of_kind("ConfigMap").values()
    mounts = [m["mountPath"] for c in containers() if c.get("env") for m in c["volumeMounts"]]
    assert mounts.count(str(Path(settings["data"]["BROKER_CA"]).parent)) == len(urls)


@pytest.mark.parametrize("program", sorted(DEPLOYED - {"web"}))
def test_a_program_whose_loop_stands_still_is_started_anew(program, tmp_path):
    (container,) = of_kind("Deployment")[program]["spec"]["template"]["spec"]["containers"]
    *shell, probe = container["livenessProbe"]["exec"]["command"]
    probe = [*shell, probe.replace("/var/shop/run/alive", str(tmp_path))]
    alive = tmp_path / program
    alive.touch()
    assert subprocess.run(probe).returncode == 0
    os.utime(alive, (0, 0))
    assert subprocess.run(probe).returncode == 1


def test_the_shop_goes_on_selling_while_broker_and_relay_are_away():
    (web,) = of_kind("Deployment")["web"]["spec"]["template"]["spec"]["containers"]
    probes = ("startupProbe", "livenessProbe", "readinessProbe")
    assert {web[probe]["httpGet"]["path"] for probe in probes} == {"/healthz"}


def test_every_web_process_is_told_of_its_start_and_end_with_which_its_heartbeats_begin_and_end():
    (web,) = of_kind("Deployment")["web"]["spec"]["template"]["spec"]["containers"]
    here = (BASE_DIR / "supervisord.conf").read_text(encoding="utf-8").partition("[program:web]")[2]
    commands = [services()["web"]["command"], " ".join(web["command"]), here.partition("[")[0]]
    assert ["--lifespan on" in command for command in commands] == [True] * 3
