"""The fork server: imports what students use once, then clones a box for every request on its control socket.

Control messages come one per packet with descriptors attached: the box's job socket, the write end of its output pipe,
and a status socket on which the zygote reports the box's pidfd, and its exit when it ends. When the other side closes
the control socket the zygote exits, and with it its pid namespace and every box.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import Any

from greenroom_grader.sandbox.inside import harness, isolate, linux

_PACKET = 1 << 16
_DESCRIPTORS = 8


class Zygote:
    """State of the fork server."""

    def __init__(self, control: socket.socket, setup: dict[str, Any]) -> None:
        self.control = control
        self.setup = setup
        self.program = bytes.fromhex(setup["filter"]) if setup["filter"] else None
        #: Our ids, as a child in a new user namespace can no longer see them.
        self.ids = (os.getuid(), os.getgid())
        #: Status sockets of running boxes by pid.
        self.running: dict[int, socket.socket] = {}
        self.wake, self.waker = socket.socketpair()

    def prepare(self) -> None:
        """Everything that boxes share: identity, imports, frozen memory."""
        sys.path += self.setup["path"]
        absent: dict[str, Any] = dict.fromkeys(self.setup["absent"])
        sys.modules.update(absent)
        for name in self.setup["preload"]:
            importlib.import_module(name)
        _warm_up()
        if self.setup["shell"]:
            os.environ["HOME"] = os.environ["IPYTHONDIR"] = "/tmp"
            harness.late(self.setup["shell"]).prepare()
        linux.become_subreaper()
        for end in (self.wake, self.waker):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self.waker.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Answer requests until the control socket closes."""
        self.control.send(b"ready")
        while True:
            ready, _, _ = select.select([self.control, self.wake], [], [])
            if self.control in ready:
                self.one_request()
            if self.wake in ready:
                self.wake.recv(_PACKET)
            self.reap()

    def one_request(self) -> None:
        """Clone one box; when the other side has closed, exit."""
        data, descriptors, _flags, _address = socket.recv_fds(self.control, _PACKET, _DESCRIPTORS)
        if not data:
            os._exit(0)
        job, output, status = descriptors[:3]
        try:
            pid, pidfd = linux.clone(linux.ALL_NAMESPACES if self.setup["namespaces"] else 0)
        except OSError as error:
            os.write(output, f"clone: {error}".encode())
            pid, pidfd = -1, -1
        if pid == 0:
            become_box(self, job, output)
        reports = socket.socket(fileno=status)
        os.close(job)
        os.close(output)
        if pid < 0:
            reports.close()
            return
        self.running[pid] = reports
        socket.send_fds(reports, [b"born"], [pidfd])
        os.close(pidfd)

    def let_go(self) -> None:
        """In a child: the sockets' numbers will serve other files, so no finalizer may close them."""
        for end in (self.control, self.wake, self.waker, *self.running.values()):
            end.detach()

    def reap(self) -> None:
        """Report the end of boxes; their other processes end with them."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            reports = self.running.pop(pid, None)
            if reports is None:
                continue
            told = json.dumps({"status": status, "cpu": usage.ru_utime + usage.ru_stime, "peak_kb": usage.ru_maxrss})
            with suppress(OSError):  # when the box was closed already, nobody wants to know
                reports.send(told.encode(), socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            reports.close()


def become_box(zygote: Zygote, job: int, output: int) -> None:
    """The child's way from clone() to serving; never returns."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        setup = zygote.setup
        zygote.let_go()
        os.dup2(output, 1)
        os.dup2(output, 2)
        if setup["namespaces"]:
            isolate.enter_namespaces(*zygote.ids)
            isolate.mount_private(setup["disk_mb"])
        else:
            linux.become_subreaper()  # as the first of a pid namespace would be: orphans of the box stay countable
        os.setsid()
        nothing = os.open("/dev/null", os.O_RDONLY)
        os.dup2(nothing, 0)
        job = os.dup2(job, 3, inheritable=False) if job != 3 else job
        isolate.keep_only({job})
        channel = harness.Channel(job)
        program = zygote.program
        isolate.settle(setup["home"])
        _reseed()
        linux.forbid_capabilities()
        harness.streams()
        channel.send({"n": "ready"}, _PACKET)
        limits = channel.receive()
        if setup["namespaces"] and limits["disk_mb"] != setup["disk_mb"]:
            isolate.resize(limits["disk_mb"])
        isolate.set_limits(limits)
        isolate.lock_down(program)
        channel.send({"n": "locked"}, _PACKET)
        del zygote, setup, program
        harness.main(channel, limits["answer_bytes"])
    except BaseException:  # noqa: BLE001 - nothing may return into the fork server's loop
        os.write(2, traceback.format_exc().encode()[-4000:])
    finally:
        os._exit(90)


def _warm_up() -> None:
    """Let the linear algebra library allocate its work space once, for all boxes."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None:
        numpy.ones((64, 64)) @ numpy.ones((64, 64))


def _reseed() -> None:
    """No two boxes draw the same random numbers. The random module reseeds itself after a fork."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def take_identity(setup: dict[str, Any]) -> None:
    """Mounts that need privileges, then the plain uid that everything runs under."""
    if setup["root"] is not None:
        linux.unshare(setup["root"]["flags"])
        if setup["root"]["flags"] & linux.CLONE_NEWUSER:
            linux.map_identity(setup["root"]["uid"], setup["root"]["gid"])
        isolate.build_root(setup["root"]["binds"], setup["root"]["links"])
    if setup["proc"]:
        linux.mount("proc", "/proc", "proc", 14)
    isolate.mask(setup["mask"])
    if setup["uid"]:
        os.setgroups([])
        os.setresgid(setup["uid"], setup["uid"], setup["uid"])
        os.setresuid(setup["uid"], setup["uid"], setup["uid"])
    if setup["isolated"]:
        linux.forbid_capabilities()
        linux.forbid_new_privileges()
        if setup["uid"]:
            linux.drop_capabilities()
    linux.set_dumpable()


def main(control: socket.socket, setup: dict[str, Any]) -> None:
    """Run the fork server on ``control``; never returns."""
    try:
        take_identity(setup)
        zygote = Zygote(control, setup)
        zygote.prepare()
        for name in [name for name in sys.modules if name.startswith("greenroom_")]:
            del sys.modules[name]
        gc.collect()
        gc.freeze()
        zygote.serve()
    except BaseException:  # noqa: BLE001 - the reason must reach the other side, whatever it is
        control.send(traceback.format_exc().encode()[-4000:])
    finally:
        os._exit(0)
