"""PostgreSQL refuses to run as root: root hands it to an account of its own."""

import os
import pwd
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path

ACCOUNT = "pgserver"


def leave_root(install: Path, folders: Iterable[Path]) -> None:
    """Become `ACCOUNT` under root, owner of `folders`, able to read `install`; else do nothing."""
    if os.geteuid() != 0:
        return
    account = _account()
    _make_readable(install)
    for folder in folders:
        os.chown(folder, account.pw_uid, account.pw_gid)
        _open_way_to(folder)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        subprocess.run(["/usr/sbin/useradd", "--system", "--no-create-home", ACCOUNT], check=True)
        return pwd.getpwnam(ACCOUNT)


def _make_readable(install: Path) -> None:
    """Let everybody read the server's files: an installation under umask 077 is root's alone."""
    _open_way_to(install)
    for path in (install, *install.rglob("*")):
        _allow(path, stat.S_IROTH | (path.stat().st_mode & stat.S_IXUSR) >> 6)


def _open_way_to(path: Path) -> None:
    """Let everybody pass, not look, through the folders above `path`."""
    for parent in path.resolve().parents:
        _allow(parent, stat.S_IXOTH)


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(stat.S_IMODE(mode) | bits)
