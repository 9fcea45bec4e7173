"""A real ipykernel in a box, on listening sockets that the trusted side made.

Loaded late, so it imports no neighbour: the harness is handed in. The sockets arrive as descriptors because a box has
no network and no folder in common with anybody.
"""

from __future__ import annotations

import os
import socket
from typing import Any

import zmq
from ipykernel import ipkernel, zmqshell  # noqa: F401 - loaded in the zygote, for all boxes
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread
from ipykernel.kernelapp import IPKernelApp
from tornado.ioloop import IOLoop
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

#: In the order in which the trusted side sends them.
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
#: The order in which the kernel binds those of the application; the heartbeat binds its own.
_BINDING = ("shell", "stdin", "control", "iopub")

#: The package has no type information.
_Application: Any = IPKernelApp
_OutputThread: Any = IOPubThread
_Heartbeat: Any = Heartbeat


def prepare() -> None:
    """Importing this module was all; a kernel's threads and sockets can only be made in the box."""


def run(harness: Any, key: bytes) -> None:
    """Take the sockets, start the kernel, say that it is ready, and serve until it is shut down; never returns."""
    descriptor = harness.channel.descriptor
    _byte, descriptors, _flags, _address = socket.recv_fds(socket.socket(fileno=os.dup(descriptor)), 1, len(CHANNELS))
    app = _make(dict(zip(CHANNELS, descriptors, strict=True)), key)
    answer = {"n": harness.nonce, "v": None}
    harness.nonce = None
    IOLoop.current().add_callback(lambda: harness.channel.send(answer, 4096))
    app.start()
    os._exit(0)


def _bind(endpoint: Any, descriptor: int, name: str) -> None:
    """Accept on a socket that listens already; the address is only a name."""
    endpoint.setsockopt(zmq.USE_FD, descriptor)
    endpoint.bind(f"ipc:///tmp/.{name}")


class _BoxHeartbeat(_Heartbeat):  # type: ignore[misc]  # no type information
    descriptor = -1

    def _try_bind_socket(self) -> None:
        _bind(self.socket, self.descriptor, "hb")


class _BoxOutput(_OutputThread):  # type: ignore[misc]  # no type information
    """Children that a cell forks send their output through a file: there is no loopback in a box."""

    _file = "ipc:///tmp/.output"

    def _setup_pipe_in(self) -> None:
        self._pipe_uuid = os.urandom(16)
        pipe = self.socket.context.socket(zmq.PULL)
        pipe.linger = 0
        pipe.bind(self._file)
        self._pipe_in = ZMQStream(pipe, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[Any, Any]:
        context = zmq.Context()
        pipe = context.socket(zmq.PUSH)
        pipe.linger = 3000
        pipe.connect(self._file)
        return context, pipe


class _BoxApplication(_Application):  # type: ignore[misc]  # no type information
    """An ipykernel without a connection file."""

    debug_shell_socket: Any
    iopub_port: Any

    def _try_bind_socket(self, endpoint: Any, port: int) -> int:
        name = self.waiting.pop(0)
        _bind(endpoint, self.descriptors[name], name)
        return port or 1

    def init_control(self, context: Any) -> None:
        super().init_control(context)
        # The debugger's way back to the shell: there is no debugger, and the address is only a name.
        self.debug_shell_socket.close()
        self.debug_shell_socket = context.socket(zmq.DEALER)

    def init_iopub(self, context: Any) -> None:
        """As the application does it, with our own thread."""
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)
        self.configure_tornado_logger()
        self.iopub_thread = _BoxOutput(self.iopub_socket, pipe=True, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_heartbeat(self) -> None:
        self.heartbeat = _BoxHeartbeat(zmq.Context(), ("ipc", "/tmp/.hb", 1))
        self.heartbeat.descriptor = self.descriptors["hb"]
        self.heartbeat.start()

    def init_connection_file(self) -> None:
        self.connection_file = "/tmp/connection.json"

    def write_connection_file(self, **_settings: Any) -> None:
        """Nobody reads it."""

    def cleanup_connection_file(self) -> None:
        """There is none."""

    def log_connection_info(self) -> None:
        """Nobody else can connect."""


def _make(descriptors: dict[str, int], key: bytes) -> Any:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.Session.key = key
    config.IPKernelApp.transport = "ipc"
    config.IPKernelApp.ip = "/tmp/.kernel"
    app = _BoxApplication.instance(config=config)
    app.descriptors = descriptors
    app.waiting = list(_BINDING)
    app.quiet = True
    app.initialize([])
    return app
