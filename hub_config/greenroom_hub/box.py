"""The bubblewrap around a single-user server, as the argument list that starts it.

The server sees: the system and the virtual environment, read-only; its own home; a small /etc; its own processes. It
sees nothing of the Hub's data, of other homes, of the clone beyond three packages, or of other processes.

Two ways in, for two kinds of Hub:

- as root: bubblewrap makes the mounts while it is privileged (so that a clone under /root works, too), and setpriv
  then turns into the student's own uid for good: no capabilities, no way to gain any;
- as an ordinary user: everything happens in a user namespace, in which further ones are forbidden.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from greenroom_hub.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenroom_hub.paths import House

#: Where a home is mounted; not /home, where a clone may lie.
HOMES = Path("/students")
#: The uid that a student has inside a user namespace.
NAMESPACE_UID = 1000
#: What programs look up in /etc and may know. No shadow, no machine-id, no keys, no configuration of daemons.
ETC = (
    "alternatives", "bash.bashrc", "default/locale", "fonts", "gai.conf", "host.conf", "hosts",
    "inputrc", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias", "locale.conf", "localtime",
    "magic", "mime.types", "networks", "nsswitch.conf", "pki/tls/certs", "protocols", "resolv.conf",
    "services", "shells", "ssl/certs", "ssl/openssl.cnf", "terminfo", "timezone",
)  # fmt: skip
#: Empty folders that everybody may write to and that end with the server.
SCRATCH = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 (mount points inside the box, not files of this machine)
#: What setpriv needs to become the student; gone once it has.
_BECOME = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Everything that the arguments are made of."""

    bwrap: str
    #: The student's name, home on this machine, and the folder with the passwd and group files made for the box.
    name: str
    home: Path
    accounts: Path
    #: Shown read-only at the paths that they have here.
    readonly: tuple[Path, ...]
    #: The student's own uid when the Hub is root, None for a user namespace.
    uid: int | None
    #: What this bubblewrap can do beyond the oldest supported one.
    features: frozenset[str] = field(default_factory=frozenset)

    @property
    def inner_home(self) -> Path:
        """The home's path inside."""
        return HOMES / self.name

    def command(self, program: Sequence[str]) -> list[str]:
        """Return the argument list that runs *program* inside."""
        return [self.bwrap, *self._namespaces(), *self._mounts(), *self._become(), *program]

    def _namespaces(self) -> list[str]:
        shared = ["--die-with-parent", "--new-session", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
        shared += ["--unshare-cgroup-try", "--hostname", "greenroom", "--cap-drop", "ALL"]
        if self.uid is not None:
            return shared + [part for capability in _BECOME for part in ("--cap-add", capability)]
        user = ["--unshare-user", "--uid", str(NAMESPACE_UID), "--gid", str(NAMESPACE_UID)]
        return shared + user + (["--disable-userns"] if "--disable-userns" in self.features else [])

    def _mounts(self) -> list[str]:
        parts = [*system_mounts(), "--dir", "/run", "--proc", "/proc", "--dev", "/dev"]
        for scratch in SCRATCH:
            parts += self._scratch(scratch)
        parts += etc_mounts(self.accounts)
        outside = [path for path in self.readonly if not path.is_relative_to("/usr")]
        for parent in parents([*outside, self.inner_home]):
            parts += ["--dir", str(parent)]
        for path in outside:
            parts += ["--ro-bind", str(path), str(path)]
        parts += ["--bind", str(self.home), str(self.inner_home), "--remount-ro", "/"]
        return parts

    def _scratch(self, path: str) -> list[str]:
        size = ["--size", str(512 * 2**20)] if "--size" in self.features else []
        return [*size, "--perms", "1777", "--tmpfs", path]

    def _become(self) -> list[str]:
        enter = ["env", f"--chdir={self.inner_home}"]  # after setpriv: only the student may enter the home
        if self.uid is None:
            return enter
        number = str(self.uid)
        drop = ["--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]
        return ["setpriv", "--reuid", number, "--regid", number, *drop, *enter]


def box_around(*, name: str, home: Path, accounts: Path, uid: int | None, house: House) -> Box:
    """Return the box of one server on this machine. Raises RefusedError without bubblewrap."""
    bwrap = find_bwrap()
    return Box(
        bwrap=bwrap,
        name=name,
        home=home,
        accounts=accounts,
        readonly=readonly_folders(house),
        uid=uid,
        features=features_of(bwrap),
    )


def system_mounts() -> list[str]:
    """Return the arguments that show the system: /usr, and the folders beside it as they are on this machine."""
    parts = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            parts += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            parts += ["--ro-bind", str(path), str(path)]
    return parts


def etc_mounts(accounts: Path) -> list[str]:
    """Return the arguments that make the small /etc, with the passwd and group files of *accounts*."""
    parts = ["--dir", "/etc", "--dir", "/etc/default", "--dir", "/etc/ssl"]
    for name in ETC:
        parts += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for name in ("passwd", "group"):
        parts += ["--ro-bind", str(accounts / name), f"/etc/{name}"]
    return parts


def parents(paths: Iterable[Path]) -> list[Path]:
    """Return every folder above *paths*, outermost first, without the root: bubblewrap as root would close them."""
    return sorted({parent for path in paths for parent in path.parents if parent != Path("/")})


def write_accounts(folder: Path, name: str, uid: int) -> None:
    """Write the passwd and group files for the box of *name* into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [("root", 0, "/root", "/usr/sbin/nologin"), ("nobody", 65534, "/nonexistent", "/usr/sbin/nologin")]
    rows.append((name, uid, str(HOMES / name), "/bin/bash"))
    passwd = "".join(f"{user}:x:{number}:{number}:{user}:{home}:{shell}\n" for user, number, home, shell in rows)
    group = "".join(f"{user}:x:{number}:\n" for user, number, _, _ in rows)
    for file, text in (("passwd", passwd), ("group", group)):
        (folder / file).write_text(text)
        (folder / file).chmod(0o644)


def interpreter_folders() -> tuple[Path, ...]:
    """Return the folders that the running interpreter consists of: the virtual environment and what it stands on."""
    named = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve()]
    link = Path(sys.prefix, "bin", "python")
    while link.is_symlink():  # each link of the chain must exist inside as well
        target = link.readlink()
        link = target if target.is_absolute() else link.parent / target
        named.append(link.parent.parent)
    return tuple(sorted({path for path in named if path != Path("/")}))


def readonly_folders(house: House) -> tuple[Path, ...]:
    """Return what of the interpreter and of this clone a student's server needs to read.

    The problems folder is not among it: it holds the references and the hidden cases.
    """
    ours = (
        house.notebooks / "greenroom_problems",
        house.notebooks / "greenroom_notebook",
        house.extension / "greenroom_lab",
        house.hub_config / "student",
    )
    return (*interpreter_folders(), *(path for path in ours if path.is_dir()))


@cache
def features_of(bwrap: str) -> frozenset[str]:
    """Return which of the newer options the bubblewrap at *bwrap* knows."""
    said = subprocess.run([bwrap, "--help"], capture_output=True, text=True, check=False).stdout
    return frozenset(option for option in ("--size", "--disable-userns") if option in said)


def find_bwrap() -> str:
    """Return the path of bubblewrap. Raises RefusedError."""
    found = shutil.which("bwrap")
    if found is None:
        raise RefusedError(
            "bubblewrap is missing, and student servers start only inside it: sudo apt install bubblewrap"
        )
    return found


def probe(box: Box) -> None:
    """Start the box once with nothing in it; raise RefusedError with bubblewrap's own reason when that fails."""
    command = box.command([sys.executable, "-I", "-c", "import os; os.listdir('.')"])
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd="/")
    except (OSError, subprocess.SubprocessError) as error:
        raise RefusedError(f"student servers cannot be boxed on this machine: {error}") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        advice = "allow unprivileged user namespaces, or start as root" if box.uid is None else "see ./greenroom doctor"
        raise RefusedError(f"student servers cannot be boxed on this machine: {reason}; {advice}")
