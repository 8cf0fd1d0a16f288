"""The servers from the wheels: private, durable, and back after any death."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dj_database_url
import psutil
import psycopg
import pytest
import redis
from django.contrib.postgres.operations import CreateExtension
from django.db.migrations.loader import MigrationLoader
from kombu.utils.url import parse_url

from devtools import embedded
from devtools.embedded import postgres, valkey
from devtools.system import TEMPLATE, begin_with_template, temporary_state
from devtools.waiting import wait_until
from shop.settings import BASE_DIR

ANSWERS = {"postgres": postgres.answers, "valkey": valkey.answers}

Serve = Callable[[str, Path], subprocess.Popen[bytes]]


@pytest.fixture
def new_state() -> Iterator[Path]:
    with temporary_state() as state:
        yield state


@pytest.fixture(scope="module")
def _cluster() -> Iterator[None]:
    """A cluster as the first start makes it: what is about later starts begins with a copy."""
    with temporary_state() as state, pytest.MonkeyPatch.context() as patch:
        with launching() as launch:
            wait_for("postgres", launch("postgres", state), state)
        patch.setenv(TEMPLATE, str(state))
        yield


@pytest.fixture
def state(_cluster: None, new_state: Path) -> Path:
    begin_with_template(new_state)
    return new_state


@pytest.fixture(scope="module")
def served(_cluster: None) -> Iterator[tuple[Path, psutil.Process]]:
    """A server of PostgreSQL, and its state, for tests that leave both alone."""
    with temporary_state() as state, launching() as launch:
        begin_with_template(state)
        process = launch("postgres", state)
        wait_for("postgres", process, state)
        yield state, psutil.Process(process.pid)


@contextmanager
def launching() -> Iterator[Serve]:
    """Start servers without waiting for them; all are ended before their state goes."""
    processes = []

    def start(name: str, state: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "devtools.embedded", name]
        environment = os.environ | {"SHOP_STATE": str(state)}
        process = subprocess.Popen(command, env=environment, process_group=0)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.send_signal(signal.SIGINT)
    for process in processes:
        process.wait(20)


def wait_for(name: str, process: subprocess.Popen[bytes], state: Path) -> None:
    """Wait until a server answers."""
    wait_until(lambda: process.poll() is not None or ANSWERS[name](state), 60, name)
    assert process.poll() is None


@pytest.fixture
def launch(new_state: Path) -> Iterator[Serve]:
    with launching() as launch:
        yield launch


@pytest.fixture
def serve(launch: Serve) -> Serve:
    """Start a server and wait until it answers."""

    def start(name: str, state: Path) -> subprocess.Popen[bytes]:
        process = launch(name, state)
        wait_for(name, process, state)
        return process

    return start


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def connect(state: Path) -> psycopg.Connection:
    return psycopg.connect(embedded.database_url(state), autocommit=True)


def test_postgres_killed_while_busy_comes_back_with_its_data(serve: Serve, state: Path):
    """A busy child outlives its killed server; the next start does not stumble over it."""
    server = serve("postgres", state)
    postgres.create_database(state)
    with connect(state) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    busy = connect(state)
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000000)")
    child = psutil.Process(busy.info.backend_pid)

    kill(server)
    assert child.is_running()
    serve("postgres", state)

    assert not child.is_running()
    with connect(state) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_postgres_starts_though_its_old_process_id_is_anothers_now(serve: Serve, state: Path):
    """After a power cut the number in its lock file may belong to any program."""
    server = serve("postgres", state)
    kill(server)
    lock = state / "postgres" / "data" / "postmaster.pid"
    lock.write_text(lock.read_text().replace(str(server.pid), str(os.getpid()), 1))

    serve("postgres", state)


def test_a_second_postgres_on_the_same_data_is_refused(launch: Serve, served):
    state, _ = served
    assert launch("postgres", state).wait(20) == 1
    assert postgres.answers(state)


def test_the_role_that_a_deployment_gives_the_shop_owns_its_database_and_nothing_else(
    served,
):
    state, _ = served
    psql = [str(postgres.install_folder() / "bin" / "psql"), "-q", "-f", "deploy/owner.sql"]
    env = os.environ | {"SHOP_DATABASE_PASSWORD": "it's secret"}
    url = embedded.database_url(state).replace("/shop?", "/postgres?")
    subprocess.run([*psql, url], cwd=BASE_DIR, env=env, check=True)
    with psycopg.connect(embedded.database_url(state).replace("postgres@", "shop@")) as shop:
        role = shop.execute(
            "select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
            "from pg_roles where rolname = current_user"
        ).fetchone()
        assert role == (False,) * 5
        made = {name for (name,) in shop.execute("select extname from pg_extension")}
        shop.execute("create table mine (id int)")
    assert made - {"plpgsql"} == _extensions_of_migrations()


def _extensions_of_migrations() -> set[str]:
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    operations = [operation for each in migrations for operation in each.operations]
    return {each.name for each in operations if isinstance(each, CreateExtension)}


def test_valkey_killed_comes_back_with_its_data(serve: Serve, new_state: Path):
    state = new_state
    server = serve("valkey", state)
    with redis.Redis(unix_socket_path=str(embedded.valkey_socket(state))) as client:
        client.set("kept", "42")
    kill(server)
    serve("valkey", state)
    with redis.Redis(unix_socket_path=str(embedded.valkey_socket(state))) as client:
        assert client.get("kept") == b"42"


def test_an_initdb_killed_halfway_is_done_again(launch: Serve, serve: Serve, new_state: Path):
    state = new_state
    starter = launch("postgres", state)
    wait_until(lambda: list(state.glob("postgres/new-*/*")), 120, "initdb at work")
    os.killpg(starter.pid, signal.SIGKILL)
    starter.wait()

    serve("postgres", state)

    assert [path.name for path in (state / "postgres").iterdir()] == ["data"]


def test_a_server_listens_on_a_private_socket_only(serve: Serve, new_state: Path, served):
    valkey_process = psutil.Process(serve("valkey", new_state).pid)
    for state, process in (served, (new_state, valkey_process)):
        assert process.net_connections("inet") == []
        sockets = [path for path in embedded.run_folder(state).rglob("*") if path.is_socket()]
        assert [path.stat().st_mode & 0o777 for path in sockets] == [0o700]


@pytest.mark.usefixtures("_cluster")
@pytest.mark.parametrize("folder", ["x" * 120, "with a blank & 100%"])
def test_a_path_unfit_for_sockets_gets_a_short_folder(
    folder: str,
    launch: Serve,
    serve: Serve,
    new_state: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(new_state))
    state = new_state / folder
    state.mkdir()
    begin_with_template(state)
    beside = launch("valkey", state)
    serve("postgres", state)
    wait_for("valkey", beside, state)
    short = embedded.run_folder(state)
    assert (state / "run").readlink() == short
    assert short.stat().st_mode & 0o066 == 0


def test_a_folder_of_somebody_elses_is_refused(new_state: Path, monkeypatch: pytest.MonkeyPatch):
    embedded.make_run_folder(new_state)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(PermissionError):
        embedded.make_run_folder(new_state)


def test_the_addresses_survive_the_parsers_whatever_the_path():
    state = Path("/Some where/100%/var")
    database = dj_database_url.parse(embedded.database_url(state))
    assert database["OPTIONS"]["host"] == f"{state}/run/postgres"
    broker = parse_url(embedded.broker_url(state))
    assert f"/{broker['virtual_host']}" == f"{state}/run/valkey.sock"
