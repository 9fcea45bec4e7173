"""Answers the trusted side's requests in a box, one at a time.

Student code shares this process, so nothing said here is believed by the other side. What is done against patched
modules (own references, own builtins) only keeps honest answers honest: a student who breaks the harness loses marks,
and never gains any.
"""

from __future__ import annotations

import asyncio
import io
import json.encoder
import os
import sys
import threading
from json.decoder import JSONDecoder
from struct import Struct
from types import ModuleType
from typing import Any

from greenroom_grader.sandbox.inside import traces, values

_read, _write, _exit = os.read, os.write, os._exit
_recursion_limit, _settrace, _setprofile = sys.setrecursionlimit, sys.settrace, sys.setprofile
_thread_settrace, _thread_setprofile = threading.settrace, threading.setprofile
_async_run = asyncio.run
_compile = compile
_scan: Any = getattr(JSONDecoder(), "scan_once")  # noqa: B009 - the type information leaves it out
#: The encoder in C alone: the one in Python looks names up in the builtins that student code may patch. Its arguments
#: are markers, default, text encoder, indent, separators, and whether to sort keys, skip odd ones and allow NaN.
_encode: Any = vars(json.encoder)["c_make_encoder"]
_chunks = _encode(None, repr, json.encoder.encode_basestring_ascii, None, ":", ",", False, False, False)
_length = Struct("<I")
_RECURSION = 1000
_CHUNK = 1 << 16
_KINDS = (("function", type(lambda: None)), ("class", type), ("module", ModuleType))
_MISSING = object()
_GENERATOR = type(_ for _ in ())


async def _nothing() -> None:
    """Serves to learn the type of coroutines."""


async def _no_items() -> Any:
    """Serves to learn the type of async generators."""
    yield None


_first = _nothing()
_COROUTINE = type(_first)
_first.close()
_ASYNC_GENERATOR = type(_no_items())


#: Sources of modules that only some boxes need, and what they became.
late_sources: dict[str, str] = {}
_late_modules: dict[str, ModuleType] = {}


def late(name: str) -> Any:
    """A module of ours that is loaded at first need, without ever being importable."""
    if name not in _late_modules:
        module = ModuleType(name)
        module.__dict__["__builtins__"] = __builtins__
        exec(_compile(late_sources[name], f"<{name}>", "exec"), module.__dict__)  # noqa: S102 - our own source
        _late_modules[name] = module
    return _late_modules[name]


def _dump(message: dict[str, Any]) -> bytes:
    return "".join(_chunks(message, 0)).encode()


class ClosedError(BaseException):
    """The other side is gone."""


class Channel:
    """Frames over the job socket: four bytes of length, then JSON."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def receive(self) -> Any:
        """The next request; ClosedError when there will be none."""
        size = _length.unpack(self._exactly(_length.size))[0]
        return _scan(self._exactly(size).decode(), 0)[0]

    def send(self, message: dict[str, Any], limit: int) -> None:
        """One frame; where it would be larger than ``limit`` bytes, word of that instead."""
        data = _dump(message)
        if len(data) > limit:
            data = _dump({"n": message["n"], "x": len(data)})
        view = memoryview(_length.pack(len(data)) + data)
        while view:
            view = view[_write(self.descriptor, view) :]

    def _exactly(self, size: int) -> bytes:
        parts = []
        while size:
            part = _read(self.descriptor, min(size, _CHUNK))
            if not part:
                raise ClosedError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class Harness:
    """The namespace of one box and what is asked of it."""

    def __init__(self, channel: Channel, answer_limit: int) -> None:
        self.channel = channel
        self.answer_limit = answer_limit
        self.sources = traces.Sources()
        self.shown: dict[str, str] = {}
        self.module = ModuleType("__main__")
        self.names = self.module.__dict__
        self.given: dict[str, Any] = {"ListNode": values.ListNode, "TreeNode": values.TreeNode}
        self.names.update(self.given)
        self.instance: Any = None
        self.nonce: Any = None
        self.shell: Any = None
        self.calling = threading.Lock()
        sys.modules["__main__"] = self.module

    # ------------------------------------------------------------ the loop

    def serve(self) -> None:
        """Answer request after request."""
        while True:
            request = self.channel.receive()
            self.nonce = request["n"]
            answer = self.answer(request)
            answer["n"] = self.nonce
            self.nonce = None
            self.flush()
            answer["w"], noted.written = noted.written, False
            self.channel.send(answer, self.answer_limit)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked; whatever student code raises becomes data."""
        try:
            return _OPERATIONS[request["o"]](self, request)
        except values.TooLargeError:
            return {"x": 0}
        except ClosedError:
            raise
        except BaseException as error:  # noqa: BLE001 - student code may raise anything at all
            _steady()
            return {"e": self.describe(error)}
        finally:
            _steady()

    def flush(self) -> None:
        """Let the output pipe have what was printed before the answer goes out."""
        for name in ("stdout", "stderr"):
            try:
                getattr(sys, name).flush()
            except BaseException:  # noqa: BLE001, S112 - whatever a student put in its place is theirs
                continue

    # ------------------------------------------------------------ operations

    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        """Execute a source."""
        source, filename = request["s"], request["f"]
        self.sources.add(filename, source)
        try:
            code = _compile(source, filename, "exec", dont_inherit=True)
        except SyntaxError as error:
            return {"s": traces.describe_syntax(error, filename, source)}
        except (ValueError, OverflowError, RecursionError, MemoryError, UnicodeError) as error:
            told = SyntaxError(f"{error or type(error).__name__}")
            return {"s": traces.describe_syntax(told, filename, source)}
        _remember_lines(filename, source)
        self.names["__file__"] = filename
        exec(code, self.names)  # noqa: S102 - running the student's code is what a box is for
        return {"v": None}

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a function."""
        arguments = [values.decode(form, self.names) for form in request["a"]]
        keywords = {key: values.decode(form, self.names) for key, form in request["k"].items()}
        form = _settle(self.find(request["f"])(*arguments, **keywords))
        answer = {"v": form}
        if request.get("w"):
            answer["a"] = [values.encode(argument) for argument in arguments]
        return answer

    def construct(self, request: dict[str, Any]) -> dict[str, Any]:
        """Make the instance."""
        arguments = [values.decode(form, self.names) for form in request["a"]]
        self.instance = self.find(request["f"])(*arguments)
        return {"v": None}

    def method(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a method of the instance."""
        arguments = [values.decode(form, self.names) for form in request["a"]]
        return {"v": _settle(getattr(self.instance, request["f"])(*arguments))}

    def find(self, name: str) -> Any:
        """A name of the namespace, dotted or not; a class on the way is instantiated."""
        first, *rest = name.split(".")
        found = self.names.get(first, _MISSING)
        if found is _MISSING:
            raise NameError(f"name {first!r} is not defined")
        for part in rest:
            if isinstance(found, type):
                found = found()
            found = getattr(found, part)
        return found

    def cell(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run a notebook cell."""
        answer: dict[str, Any] = late("cells").run(self, request["s"])
        return answer

    def kernel(self, request: dict[str, Any]) -> dict[str, Any]:
        """Become an ipykernel; the answer is sent when it listens, and no other request follows."""
        late("kernel").run(self, request["k"].encode())
        return {"v": None}

    def describe(self, error: BaseException) -> dict[str, Any]:
        """An exception of student code as plain data."""
        return traces.describe(error, self.sources, shown=self.shown)

    def encode(self, value: Any) -> Any:
        """Typed JSON of a value."""
        return values.encode(value)

    def describe_syntax(self, error: SyntaxError, filename: str, source: str) -> dict[str, Any]:
        """A source that does not compile as plain data."""
        return traces.describe_syntax(error, filename, source)

    def list_names(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Kinds of what code put into the namespace."""
        hidden = set(self.given) | set(self.shell.user_ns_hidden if self.shell is not None else ())
        kinds = {}
        for name, value in list(self.names.items()):
            if (
                type(name) is str
                and not name.startswith("__")
                and (name not in hidden or value is not self.given.get(name, value))
            ):
                kinds[name] = _kind(value)
        return {"v": values.encode(kinds)}

    def value(self, request: dict[str, Any]) -> dict[str, Any]:
        """Read one name."""
        return {"v": values.encode(self.find(request["f"]))}

    def define(self, request: dict[str, Any]) -> dict[str, Any]:
        """Bind plain data."""
        for name, form in request["d"].items():
            self.names[name] = values.decode(form, self.names)
        return {"v": None}

    def define_remote(self, request: dict[str, Any]) -> dict[str, Any]:
        """Bind stubs."""
        for name in request["d"]:
            self.names[name] = _stub(self, name)
        return {"v": None}

    def remote(self, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Ask the trusted side, in the middle of a request, to call ``name`` elsewhere."""
        message = {
            "n": self.nonce,
            "r": name,
            "a": [values.encode(argument) for argument in arguments],
            "k": {key: values.encode(value) for key, value in keywords.items()},
        }
        with self.calling:
            self.flush()
            self.channel.send(message, self.answer_limit)
            answer = self.channel.receive()
        for old, form in zip(arguments, answer["a"], strict=False):
            _bring_up_to_date(old, values.decode(form, self.names))
        if "e" in answer:
            raise _exception(answer["e"]["t"], answer["e"]["m"])
        return values.decode(answer["v"], self.names)


_OPERATIONS = {
    "load": Harness.load,
    "call": Harness.call,
    "construct": Harness.construct,
    "method": Harness.method,
    "cell": Harness.cell,
    "kernel": Harness.kernel,
    "names": Harness.list_names,
    "value": Harness.value,
    "define": Harness.define,
    "remote": Harness.define_remote,
}


def _steady() -> None:
    """Undo what student code may have left in the interpreter that would break the next answer."""
    _settrace(None)
    _setprofile(None)
    _thread_settrace(None)
    _thread_setprofile(None)
    try:
        _recursion_limit(_RECURSION)
    except RecursionError:
        return


def _remember_lines(filename: str, source: str) -> None:
    """For student code that formats its own tracebacks."""
    cache = getattr(sys.modules.get("linecache"), "cache", None)
    if type(cache) is dict:
        cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)


def _settle(result: Any) -> Any:
    """Typed JSON of a result: coroutines are run, generators drained."""
    kind = type(result)
    if kind is _COROUTINE:
        result = _async_run(result)
        kind = type(result)
    if kind is _ASYNC_GENERATOR:
        return values.encode_generated(_async_run(_drain(result)))
    if kind is _GENERATOR:
        taken: list[Any] = []
        for item in result:
            taken.append(item)
            if len(taken) > values.MAX_ITEMS:
                raise values.TooLargeError
        return values.encode_generated(taken)
    return values.encode(result)


async def _drain(items: Any) -> list[Any]:
    taken: list[Any] = []
    async for item in items:
        taken.append(item)
        if len(taken) > values.MAX_ITEMS:
            raise values.TooLargeError
    return taken


def _kind(value: Any) -> str:
    for kind, of in _KINDS:
        if isinstance(value, of):
            return kind
    if callable(value):
        return "function"
    try:
        form = values.encode(value)
    except values.TooLargeError:
        return "other"
    return "other" if type(form) is list and form[0] == "?" else "data"


def _stub(harness: Harness, name: str) -> Any:
    def stub(*arguments: Any, **keywords: Any) -> Any:
        return harness.remote(name, arguments, keywords)

    stub.__name__ = stub.__qualname__ = name
    stub.__module__ = "__main__"
    return stub


def _bring_up_to_date(old: Any, new: Any) -> None:
    """Make a container that the caller passed look as it does after the call, in place."""
    if type(old) is not type(new):
        return
    if type(old) in (list, bytearray):
        old[:] = new
    elif type(old) in (dict, set):
        old.clear()
        old.update(new)


def _exception(type_name: str, message: str) -> BaseException:
    """An exception of that name: a builtin where it is one, otherwise of a class made on the spot."""
    import builtins

    kind = getattr(builtins, type_name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        module, _, name = type_name.rpartition(".")
        kind = type(name or type_name, (Exception,), {"__module__": module or "__main__"})
    try:
        error: BaseException = kind(message)
    except TypeError:
        return Exception(f"{type_name}: {message}")
    return error


class NotedFile(io.FileIO):
    """Standard error, which notes that something was written to it."""

    written = False

    def write(self, data: Any) -> int | None:  # type: ignore[override]  # any buffer, as for FileIO itself
        """Write and remember it."""
        self.written = True
        return super().write(data)


noted = NotedFile(2, "w", closefd=False)


def streams() -> None:
    """Standard streams that cannot fail on a character: line-buffered, so that a killed box has said what it said."""
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8")
    for number, name in ((1, "stdout"), (2, "stderr")):
        raw = io.BufferedWriter(io.FileIO(number, "w", closefd=False) if number == 1 else noted)
        stream = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.__stdin__ = sys.stdin  # type: ignore[misc]  # the interpreter's own note of it follows


def main(channel: Channel, answer_limit: int) -> None:
    """Serve until the other side closes the channel."""
    os.register_at_fork(after_in_child=lambda: _forget(channel))
    try:
        Harness(channel, answer_limit).serve()
    except ClosedError:
        _exit(0)


def _forget(channel: Channel) -> None:
    """A child that student code forked has no business on the channel."""
    try:
        os.close(channel.descriptor)
    except OSError:
        return
