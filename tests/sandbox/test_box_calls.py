"""What a box does for honest programs: load, call, construct, cells, calls back to the trusted side."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox import (
    Array,
    BoxLimits,
    Ending,
    Generated,
    LinkedList,
    Opaque,
    Raised,
    RemoteAnswer,
    RemoteCall,
    Tree,
)

if TYPE_CHECKING:
    from greenroom_grader.sandbox import Box, Outcome, Sandbox

pytestmark = pytest.mark.sandbox


def loaded(sandbox: Sandbox, source: str, zygote: str = "plain") -> Box:
    box = sandbox.box(zygote)
    outcome = box.load(dedent(source))
    assert outcome.ending is Ending.RETURNED, outcome
    return box


def call(sandbox: Sandbox, source: str, name: str, *arguments: object) -> Outcome:
    with loaded(sandbox, source) as box:
        return box.call(name, arguments)


def test_a_function_is_called_with_typed_arguments_and_its_output_is_heard(boxes: Sandbox) -> None:
    outcome = call(boxes, "def f(x, y):\n    print('hi', x)\n    return {x: (y, True, 1.0)}", "f", "a", b"b")
    assert outcome.value == {"a": (b"b", True, 1.0)}
    assert outcome.stdout == "hi a\n"
    assert outcome.memory_kb > 0
    assert outcome.wall_ms > 0


def test_arguments_are_returned_as_they_are_after_the_call(boxes: Sandbox) -> None:
    with loaded(boxes, "def f(a, b): a.sort(); b['x'] = a") as box:
        outcome = box.call("f", ([3, 1, 2], {}), want_arguments=True)
        assert outcome.value is None
        assert outcome.arguments == ([1, 2, 3], {"x": [1, 2, 3]})


def test_keywords_and_dotted_names_reach_the_method_of_a_fresh_instance(boxes: Sandbox) -> None:
    with loaded(boxes, "class Solution:\n    def two(self, a, *, b): return a - b") as box:
        assert box.call("Solution.two", (5,), keywords={"b": 2}).value == 3


def test_a_class_keeps_its_state_from_method_to_method(boxes: Sandbox) -> None:
    source = """
        class Counter:
            def __init__(self, start): self.n = start
            def add(self, k): self.n += k; return self.n
    """
    with loaded(boxes, source) as box:
        assert box.construct("Counter", (10,)).value is None
        assert [box.method("add", (k,)).value for k in (1, 2)] == [11, 13]


def test_linked_lists_and_trees_are_nodes_inside(boxes: Sandbox) -> None:
    source = """
        def rev(head):
            print(head)
            done = None
            while head:
                head.next, done, head = done, head, head.next
            return done
        def flip(root):
            if root:
                root.left, root.right = flip(root.right), flip(root.left)
            return root
        def loop(head):
            head.next.next = head
            return head
        def pair(): return [ListNode(1), TreeNode(2), None]
    """
    with loaded(boxes, source) as box:
        outcome = box.call("rev", (LinkedList((1, 2, 3)),))
        assert outcome.value == LinkedList((3, 2, 1))
        assert outcome.stdout == "ListNode(1 -> 2 -> 3)\n"
        assert box.call("flip", (Tree((1, 2, 3, None, 4)),)).value == Tree((1, 3, 2, None, None, 4))
        assert box.call("loop", (LinkedList((1, 2)),)).value == LinkedList((1, 2), 0)
        assert box.call("pair", ()).value == [LinkedList((1,)), Tree((2,)), None]


def test_generators_and_async_functions_are_driven_to_their_end(boxes: Sandbox) -> None:
    source = """
        import asyncio
        def gen(n): yield from range(n)
        async def co(x): await asyncio.sleep(0); return x
        async def agen(n):
            for i in range(n): yield i
        def endless():
            while True: yield 0
    """
    with loaded(boxes, source) as box:
        assert box.call("gen", (3,)).value == Generated((0, 1, 2))
        assert box.call("co", ("v",)).value == "v"
        assert box.call("agen", (2,)).value == Generated((0, 1))
        assert box.call("endless", ()).ending is Ending.OUTPUT_LIMIT


def test_an_exception_is_told_with_the_students_own_frames(boxes: Sandbox) -> None:
    source = """\
        import json
        def f(x):
            return json.loads(x)
        def g(x):
            try: f(x)
            except ValueError as e:
                raise KeyError('k') from e
    """
    with loaded(boxes, source) as box:
        raised = box.call("f", ("{",)).raised
        assert raised is not None
        assert raised.type_name == "json.decoder.JSONDecodeError"
        assert 'File "solution.py", line 3, in f\n    return json.loads(x)' in raised.traceback
        assert "harness" not in raised.traceback
        assert "decoder.py" not in raised.traceback
        raised = box.call("g", ("{",)).raised
        assert raised is not None
        assert (raised.type_name, raised.message) == ("KeyError", "'k'")
        assert "direct cause" in raised.traceback
        assert box.call("f", ()).raised is not None  # the box goes on


def test_a_deep_recursion_is_told_in_few_lines_and_the_box_goes_on(boxes: Sandbox) -> None:
    with loaded(boxes, "def f(n): return f(n + 1)\ndef g(): return 1") as box:
        raised = box.call("f", (0,)).raised
        assert raised is not None
        assert raised.type_name == "RecursionError"
        assert "more frames" in raised.traceback
        assert len(raised.traceback.splitlines()) < 60
        assert box.call("g", ()).value == 1


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("x = 1\ndef f(:\n", 2, 7),
        ("if 1:\nx", 2, 1),
        ("x = 'a\0b'", 0, 0),
        ("(" * 3000, 1, None),
        ("x = '\ud800'", 0, 0),
    ],
    ids=["token", "indent", "null", "nesting", "surrogate"],
)
def test_a_source_that_does_not_compile_says_where(boxes: Sandbox, source: str, line: int, column: int | None) -> None:
    with boxes.box() as box:
        outcome = box.load(source)
    assert outcome.ending is Ending.SYNTAX
    assert outcome.raised is not None
    assert outcome.raised.type_name.endswith("Error")
    assert outcome.raised.line == line
    if column is not None:
        assert outcome.raised.column == column


EVIL_EXCEPTIONS = """
class A(Exception):
    def __str__(self): raise SystemExit
    __repr__ = __str__
class B(Exception):
    def __str__(self): return "x" * 10**6
class C(Exception):
    def __getattribute__(self, name): raise RuntimeError(name)
class M(type):
    def __getattribute__(cls, name): raise RuntimeError(name)
class D(Exception, metaclass=M): pass
E = type("E" * 10**5, (Exception,), {"__module__": 5})
class F(Exception):
    def __str__(self): return "\\0\\ud800"
def f(name):
    raise globals()[name]()
"""


@pytest.mark.parametrize("name", list("ABCDEF"))
def test_an_exception_cannot_break_how_it_is_told(boxes: Sandbox, name: str) -> None:
    with loaded(boxes, EVIL_EXCEPTIONS + "\ndef ok(): return 1") as box:
        outcome = box.call("f", (name,))
        assert outcome.ending is Ending.RAISED
        assert outcome.raised is not None
        assert len(outcome.raised.type_name) < 300
        assert len(outcome.raised.message) < 3000
        outcome.raised.traceback.encode()
        assert "\0" not in outcome.raised.traceback + outcome.raised.message
        assert box.call("ok", ()).value == 1


def test_output_with_nulls_and_surrogates_is_text_that_can_be_stored(boxes: Sandbox) -> None:
    outcome = call(boxes, "import os\ndef f():\n    print('\\0\\udc80')\n    os.write(1, b'\\xff')", "f")
    outcome.stdout.encode()
    assert "\0" not in outcome.stdout
    assert "\\udc80" in outcome.stdout


def test_standard_error_is_noticed(boxes: Sandbox) -> None:
    with loaded(boxes, "import sys\ndef f(): print('x', file=sys.stderr)\ndef g(): print('x')") as box:
        assert [box.call("f", ()).stderr, box.call("g", ()).stderr] == [True, False]


def test_a_box_starts_without_anything_of_an_earlier_one(boxes: Sandbox) -> None:
    source = """
        import builtins, os, sys, json
        left = getattr(builtins, 'mark', None), os.listdir('.'), sys.modules.get('mark')
        builtins.mark = 1; open('mark', 'w').close(); sys.modules['mark'] = os; json.dumps = None
    """
    for _ in range(4):
        with loaded(boxes, source) as box:
            assert box.value("left").value == (None, [], None)


def test_patched_modules_do_not_reach_the_harness(boxes: Sandbox) -> None:
    source = """
        import builtins, json, os, sys, time, struct, linecache, traceback, asyncio, threading
        for module in (json, os, time, struct, linecache, traceback, asyncio, threading, builtins, sys):
            for name in list(vars(module)):
                if not name.startswith("__"):
                    try: setattr(module, name, None)
                    except BaseException as error: pass
        def f(x): return [x, x]
    """
    with loaded(boxes, source) as box:
        assert box.call("f", (1.5,)).value == [1.5, 1.5]
        assert box.call("f", ()).ending is Ending.RAISED


def test_tracing_and_a_low_recursion_limit_are_undone_after_each_request(boxes: Sandbox) -> None:
    source = "import sys\ndef low():\n    sys.setrecursionlimit(20); sys.settrace(lambda *a: 1 / 0)\ndef f(x): return x"
    with loaded(boxes, source) as box:
        box.call("low", ())
        assert box.call("f", ([[[[1]]]],)).value == [[[[1]]]]


def test_names_values_and_definitions_of_the_namespace(boxes: Sandbox) -> None:
    with loaded(boxes, "import math\nx = [1]\ndef f(): return x\nclass A: pass\no = object()") as box:
        assert box.names().value == {"math": "module", "x": "data", "f": "function", "A": "class", "o": "other"}
        assert box.value("x").value == [1]
        missing = box.value("y")
        assert missing.raised is not None
        assert missing.raised.type_name == "NameError"
        box.define({"x": (2, LinkedList((7,)))})
        assert box.call("f", ()).value == (2, LinkedList((7,)))


def test_a_stub_asks_the_trusted_side_in_the_middle_of_a_request(boxes: Sandbox) -> None:
    asked: list[RemoteCall] = []

    def answer(request: RemoteCall) -> RemoteAnswer:
        asked.append(request)
        if request.name == "fails":
            return RemoteAnswer(raised=Raised(type_name="ValueError", message="no", traceback=""))
        return RemoteAnswer(value=[7], arguments=([1, 2], {"k": 1}, {3}))

    source = """
        a, b, c = [9], {}, set()
        result = ask(a, b, c, flag=True)
        assert (result, a, b, c) == ([7], [1, 2], {"k": 1}, {3}), (result, a, b, c)
        try:
            fails()
        except ValueError as error:
            print("caught", error)
    """
    with boxes.box() as box:
        assert box.define_remote(("ask", "fails")).ending is Ending.RETURNED
        outcome = box.load(dedent(source), on_remote=answer)
        assert outcome.raised is None
        assert outcome.stdout == "caught no\n"
    assert asked == [
        RemoteCall(name="ask", arguments=([9], {}, set()), keywords={"flag": True}),
        RemoteCall(name="fails", arguments=(), keywords={}),
    ]


def test_a_stub_that_nobody_invited_is_a_protocol_error(boxes: Sandbox) -> None:
    with boxes.box() as box:
        box.define_remote(("ask",))
        assert box.load("ask()").ending is Ending.PROTOCOL


def test_an_error_of_the_trusted_side_passes_through_and_ends_the_box(boxes: Sandbox) -> None:
    def fail(_call: RemoteCall) -> RemoteAnswer:
        raise LookupError("ours")

    with boxes.box() as box:
        box.define_remote(("ask",))
        with pytest.raises(LookupError, match="ours"):
            box.load("ask()", on_remote=fail)
        with pytest.raises(SandboxError, match="dead"):
            box.load("1")


@pytest.mark.parametrize("zygote", ["cells", "plain"])
def test_cells_share_one_shell_and_one_namespace_with_calls(boxes: Sandbox, zygote: str) -> None:
    with boxes.box(zygote) as box:
        first = box.cell("x = 5\nprint('said')\nx + 1")
        assert first.ending is Ending.RETURNED
        assert first.value == "6"
        assert first.stdout.startswith("said\n")
        assert box.cell("def f(y):\n    return y / (x - 5)").ending is Ending.RETURNED
        wrong = box.cell("f(1)")
        assert wrong.raised is not None
        assert wrong.raised.type_name == "ZeroDivisionError"
        assert 'File "cell 3", line 1, in <module>\n    f(1)' in wrong.raised.traceback
        assert 'File "cell 2", line 2, in f' in wrong.raised.traceback
        broken = box.cell("a b")
        assert (broken.ending, broken.raised and broken.raised.type_name) == (Ending.RAISED, "SyntaxError")
        assert box.cell("%time z = 1").ending is Ending.RETURNED
        assert box.define({"x": 6}).ending is Ending.RETURNED
        assert box.call("f", (3,)).value == 3.0
        assert box.names().value == {"x": "data", "f": "function", "z": "data"}


def test_the_data_zygote_has_numpy_and_pandas(boxes: Sandbox) -> None:
    with loaded(boxes, "import numpy as np\ndef f(a): return a * 2", "data") as box:
        assert box.call("f", (Array("<i8", (2,), (1, 2)),)).value == Array("<i8", (2,), (2, 4))


def test_an_unknown_zygote_and_a_closed_box_are_said_plainly(boxes: Sandbox) -> None:
    with pytest.raises(SandboxError, match="no zygote is called 'x'"):
        boxes.box("x")
    box = boxes.box()
    box.close()
    box.close()
    with pytest.raises(SandboxError, match="closed"):
        box.load("1")


def test_a_lying_result_crosses_as_opaque(boxes: Sandbox) -> None:
    source = """
        class L(int):
            def __eq__(s, o): return True
            __hash__ = int.__hash__
        def f(): return [L(3), {L(1): 2}]
    """
    outcome = call(boxes, source, "f")
    assert isinstance(outcome.value, list)
    first, second = outcome.value
    assert first == Opaque("__main__.L", "3")
    assert list(second) == [Opaque("__main__.L", "1")]


def test_strings_hash_alike_and_random_numbers_differ_between_boxes(boxes: Sandbox) -> None:
    with (
        loaded(boxes, "import random\nv = (hash('greenroom'), random.random())") as one,
        loaded(boxes, "import random\nv = (hash('greenroom'), random.random())") as other,
    ):
        first, second = one.value("v").value, other.value("v").value
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    assert first[0] == second[0]
    assert first[1] != second[1]


def test_an_answer_over_its_limit_is_an_output_limit(boxes: Sandbox) -> None:
    with boxes.box(limits=BoxLimits(answer_bytes=10_000)) as box:
        box.load("def f(): return 'x' * 20_000")
        outcome = box.call("f", ())
    assert outcome.ending is Ending.OUTPUT_LIMIT
    assert outcome.raised is not None
    assert "too large" in outcome.raised.message
