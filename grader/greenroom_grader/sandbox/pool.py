"""The Sandbox of the interface: zygotes, ready boxes, and a thread that makes new ones and buries the old."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final, Self, TypeVar

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox import levels
from greenroom_grader.sandbox.box import SandboxBox
from greenroom_grader.sandbox.kernels import KernelBox
from greenroom_grader.sandbox.raw import RawBox
from greenroom_grader.sandbox.zygotes import KINDS, Zygote, plain_uid

if TYPE_CHECKING:
    from types import TracebackType

    from greenroom_grader.sandbox.cgroups import Group
    from greenroom_grader.sandbox.interface import BoxLimits, SandboxConfig

_Box = TypeVar("_Box", bound=SandboxBox)
_ATTEMPTS: Final = 3
_BURIAL_RETRY: Final = 0.02
_CLOSE_ROUNDS: Final = 250


class PooledSandbox:
    """Owns zygotes and ready boxes. Thread-safe."""

    def __init__(self, config: SandboxConfig) -> None:
        """Find out what this machine offers and start the zygotes that the configuration names.

        Raises:
            SandboxUnavailableError: no isolation can be had and ``config.unsafe`` is not set.
            SandboxError: a zygote does not start.
        """
        unknown = set(config.pool) - set(KINDS)
        if unknown:
            raise SandboxError(f"no zygote is called {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
        self._config = config
        self._found = levels.find(config)
        self.level = self._found.levels.text
        self._cgroups = self._found.cgroups
        self._zygotes: dict[str, Zygote] = {}
        self._starting = {kind: threading.Lock() for kind in KINDS}
        self._ready: dict[str, deque[RawBox]] = {kind: deque() for kind in KINDS}
        self._graves: deque[Group] = deque()
        #: Boxes that somebody holds.
        self._live: set[RawBox] = set()
        #: Places in the row of plain uids; other sandboxes of this machine begin elsewhere.
        self._uids = count(secrets.randbelow(1000))
        self._work = threading.Condition()
        self._closed = False
        try:
            for kind in config.pool:
                if self._found.isolation.namespaces:
                    self._zygote(kind)
        except BaseException:
            self.close()
            raise
        self._keeper = threading.Thread(target=self._keep, name="greenroom-boxes", daemon=True)
        self._keeper.start()

    # ------------------------------------------------------------ giving boxes

    def box(self, zygote: str = "plain", limits: BoxLimits | None = None) -> SandboxBox:
        """A fresh single-use box; see the interface."""
        return self._boxed(SandboxBox, zygote, limits)

    def kernel(self, limits: BoxLimits | None = None) -> KernelBox:
        """A fresh box that can become an ipykernel. Raises SandboxError when none can be made."""
        return self._boxed(KernelBox, "kernel", limits)

    def _boxed(self, kind: type[_Box], zygote: str, limits: BoxLimits | None) -> _Box:
        if zygote not in KINDS:
            raise SandboxError(f"no zygote is called {zygote!r}; there are {', '.join(KINDS)}")
        problem = SandboxError("no box")
        for _attempt in range(_ATTEMPTS):
            try:
                raw = self._take(zygote)
                return kind(raw, limits or self._config.limits, self.level, self._bury)
            except SandboxError as error:
                problem = error
        raise problem

    def _take(self, kind: str) -> RawBox:
        with self._work:
            if self._closed:
                raise SandboxError("the sandbox is closed")
            ready = self._ready[kind]
            raw = ready.popleft() if ready else None
            while raw is not None and not raw.zygote.alive():
                # A zygote takes all of its boxes along.
                raw.close()
                self._forget(raw)
                raw = ready.popleft() if ready else None
            self._work.notify_all()
        raw = raw if raw is not None else self._make(kind)
        with self._work:
            self._live.add(raw)
        return raw

    def _make(self, kind: str) -> RawBox:
        group = self._cgroups.make() if self._cgroups is not None else None
        try:
            shared = self._found.isolation.namespaces
            return RawBox(self._zygote(kind) if shared else self._new_zygote(kind), group, owns_zygote=not shared)
        except BaseException:
            if group is not None:
                self._graves.append(group)
            raise

    def _zygote(self, kind: str) -> Zygote:
        """The zygote of a kind, started where it is missing or gone."""
        with self._starting[kind]:
            zygote = self._zygotes.get(kind)
            if zygote is not None and zygote.alive():
                return zygote
            if zygote is not None:
                zygote.close()
            with self._work:
                if self._closed:
                    raise SandboxError("the sandbox is closed")
            self._zygotes[kind] = self._new_zygote(kind)
            return self._zygotes[kind]

    def _new_zygote(self, kind: str) -> Zygote:
        limits = self._config.limits
        isolation = self._found.isolation
        if not isolation.namespaces and isolation.uid is not None:
            # One zygote per box, in no user namespace of its own: its processes are counted by uid.
            isolation = replace(isolation, uid=plain_uid(next(self._uids)))
        return Zygote(kind, isolation, hidden=self._config.hidden, disk_mb=limits.disk_mb)

    def resting(self) -> dict[str, tuple[int, ...]]:
        """Pids of the ready boxes by zygote, for measuring what an idle box takes."""
        with self._work:
            return {kind: tuple(raw.pid for raw in ready) for kind, ready in self._ready.items() if ready}

    # ------------------------------------------------------------ off the critical path

    def _bury(self, raw: RawBox) -> None:
        """End a box now; its control group is removed by the keeper when the kernel lets go of it."""
        raw.close()
        with self._work:
            self._forget(raw)
            self._work.notify_all()

    def _forget(self, raw: RawBox) -> None:
        self._live.discard(raw)
        if raw.group is not None and not raw.buried:
            raw.buried = True
            self._graves.append(raw.group)

    def _keep(self) -> None:
        """The thread: refill the pool, remove dead control groups."""
        while True:
            with self._work:
                if self._closed:
                    return
                wanted = self._wanted()
                if wanted is None:
                    self._work.wait(_BURIAL_RETRY if self._graves else None)
            self._remove_graves()
            if wanted is not None:
                self._refill(wanted)

    def _wanted(self) -> str | None:
        """A kind of which a ready box is missing."""
        for kind, size in self._config.pool.items():
            if len(self._ready[kind]) < size:
                return kind
        return None

    def _refill(self, kind: str) -> None:
        try:
            raw = self._make(kind)
        except (SandboxError, OSError):
            # The next taker meets the problem itself and reports it; here we only must not spin.
            with self._work:
                self._work.wait(1.0)
            return
        with self._work:
            if not self._closed:
                self._ready[kind].append(raw)
                return
        self._bury(raw)

    def _remove_graves(self) -> None:
        for _ in range(len(self._graves)):
            with suppress(IndexError):
                group = self._graves.popleft()
                if not group.remove():
                    self._graves.append(group)

    def close(self) -> None:
        """End all boxes and zygotes; nothing is left behind."""
        with self._work:
            if self._closed:
                return
            self._closed = True
            self._work.notify_all()
        keeper = getattr(self, "_keeper", None)
        if keeper is not None:
            keeper.join()
        for raw in (*self._live, *(raw for ready in self._ready.values() for raw in ready)):
            self._bury(raw)
        for zygote in self._zygotes.values():
            zygote.close()
        pause = threading.Event()
        for _ in range(_CLOSE_ROUNDS):
            self._remove_graves()
            if not self._graves:
                break
            pause.wait(_BURIAL_RETRY)
        if self._cgroups is not None:
            self._cgroups.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
