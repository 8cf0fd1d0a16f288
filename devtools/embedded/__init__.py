"""One machine, nothing installed: PostgreSQL and Valkey from their wheels.

`python -m devtools.embedded postgres` (or `valkey`) runs a server in the foreground. Where they
are the settings read from a file in the state folder, which whoever starts them writes.
"""

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from shop.environment import SERVERS_FILE

#: What files of a state folder are to everybody else: closed.
PRIVATE = 0o077
#: Bytes a unix socket's path may have: 107 on Linux, 103 on macOS.
SOCKET_PATH_LIMIT = 103
#: supervisord binds its socket under a name of its own first, with its process id.
LONGEST_SOCKET_NAME = "supervisor.sock.4194304"


def run_folder(state: Path) -> Path:
    """Return the folder of the sockets: `<state>/run`, or what that links to if it is too long."""
    return (state / "run").resolve()


def database_url(state: Path) -> str:
    """Return the address of the embedded database, as libpq and dj-database-url read it."""
    return f"postgresql://postgres@/shop?host={quote(str(run_folder(state) / 'postgres'))}"


def broker_url(state: Path) -> str:
    """Return the address of the embedded Valkey, as kombu reads it."""
    return f"redis+socket://{quote(str(valkey_socket(state)))}"


def write_environment(state: Path, names: Iterable[str]) -> None:
    """Write the addresses of these servers, `postgres` or `valkey`, for the settings to read."""
    addresses = {
        "postgres": f"DATABASE_URL='{database_url(state)}'",
        "valkey": f"BROKER_URL='{broker_url(state)}'",
    }
    state.mkdir(parents=True, exist_ok=True)
    lines = [f"{addresses[name]}\n" for name in names]
    (state / SERVERS_FILE).write_text("".join(lines), encoding="utf-8")


def valkey_socket(state: Path) -> Path:
    return run_folder(state) / "valkey.sock"


def make_run_folder(state: Path) -> Path:
    """Make the folder of the sockets, private to this account, and return it.

    Raises PermissionError if someone else made it first.
    """
    state.mkdir(parents=True, exist_ok=True)
    folder = state.resolve() / "run"
    if not _fits(folder):
        folder = _link_to_short(folder)
    elif folder.is_symlink():
        folder.unlink(missing_ok=True)
    return _private(folder)


def _fits(folder: Path) -> bool:
    """Tell whether sockets in it can be bound, and named in URLs and configuration unquoted."""
    plain = re.fullmatch(r"[\w./+@-]+", str(folder), re.ASCII)
    return bool(plain) and len(str(folder / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT


def _link_to_short(link: Path) -> Path:
    """Make `link` lead to a short folder named by a hash of it, and return that folder."""
    bases = (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp")
    name = f"shop-{sha256(os.fsencode(link)).hexdigest()[:12]}"
    short = next(
        Path(base, name) for base in bases if os.access(base, os.W_OK) and _fits(Path(base, name))
    )
    if link.is_dir() and not link.is_symlink():
        # Made before the servers ever ran; nothing in it outlives a run.
        shutil.rmtree(link)
    # Both servers may be doing this at the same time.
    new = link.with_name(f"run.{os.getpid()}")
    new.symlink_to(short)
    new.replace(link)
    return short


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} is not ours: remove it, or set SHOP_STATE to another path")
    # Under root PostgreSQL has an account of its own, which must get through to its socket.
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder
