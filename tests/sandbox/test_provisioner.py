"""The kernel provisioner: real kernels in boxes for jupyter_client, nbclient, nbconvert and nbgrader, unmodified."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import psutil
import pytest
from jupyter_client.manager import start_new_async_kernel, start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from greenroom_grader.commands.kernelspec import install
from greenroom_grader.sandbox.provisioner import close_sandboxes

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.usefixtures("data"),
    # nbclient leaves closing the zmq context of its kernel to the collector.
    pytest.mark.filterwarnings("ignore:Unclosed context:ResourceWarning"),
]

KERNEL = "greenroom-sandbox"
#: Small, so that the limits are met soon.
SMALL: dict[str, int | float] = {"memory_mb": 256, "cpu_seconds": 1.0, "output_kb": 64}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Jupyter data folder with the kernelspec, in front of all others."""
    prefix = tmp_path_factory.mktemp("prefix")
    install(KERNEL, prefix, SMALL)
    install("python3", prefix, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(prefix / "share" / "jupyter"))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        yield prefix
    close_sandboxes()


def execute(folder: Path, *sources: str, timeout: int = 60) -> list[Any]:
    """Run cells as nbclient does; the outputs of each."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    client = NotebookClient(
        notebook, kernel_name=KERNEL, timeout=timeout, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return [cell.outputs for cell in notebook.cells]


def text(outputs: list[Any]) -> str:
    return "".join(one.get("text", "") or one.get("data", {}).get("text/plain", "") for one in outputs)


def error(outputs: list[Any]) -> str:
    return next((f"{one.ename}: {one.evalue}" for one in outputs if one.output_type == "error"), "")


# ---------------------------------------------------------------- nbclient


def test_nbclient_gets_results_output_and_errors_and_keeps_state(tmp_path: Path) -> None:
    outputs = execute(tmp_path, "x = 20", "x + 1", "print('out')", "1 / 0", "import numpy; numpy.ones(2).sum() + x")
    assert [text(one) for one in outputs] == ["", "21", "out\n", "", "np.float64(22.0)"]
    assert error(outputs[3]).startswith("ZeroDivisionError")


def test_inside_there_is_no_network_no_host_and_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENROOM_SECRET", "sesame")
    outputs = execute(
        tmp_path,
        "import os, socket\nsocket.create_connection(('127.0.0.1', 80), 1)",
        f"os.path.exists({str(tmp_path)!r}), os.path.exists('/etc/passwd'), 'sesame' in str(os.environ)",
        "os.getpid(), len([name for name in os.listdir('/proc') if name.isdigit()])",
    )
    assert error(outputs[0]).startswith("OSError")
    assert text(outputs[1]) == "(False, False, False)"
    assert text(outputs[2]) == "(1, 1)"


def test_files_of_the_working_directory_go_along_but_no_notebook_and_nothing_behind_a_link(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("sesame")
    work = tmp_path / "work"
    (work / "data").mkdir(parents=True)
    (work / "data" / "numbers.csv").write_text("1,2")
    (work / "hw.ipynb").write_text("### BEGIN HIDDEN TESTS")
    (work / "link.txt").symlink_to(secret)
    (work / "up").symlink_to(tmp_path)
    outputs = execute(work, "import os\nsorted(os.listdir()), open('data/numbers.csv').read()", "open('new', 'w')")
    assert text(outputs[0]) == "(['.ipython', 'data'], '1,2')"
    assert not (work / "new").exists()


def test_children_of_a_cell_may_print_too(tmp_path: Path) -> None:
    forked = "import os, sys\nif os.fork() == 0:\n    print('child', flush=True)\n    os._exit(0)\nos.wait()[1]"
    started = "import subprocess, sys\nsubprocess.run([sys.executable or '/usr/bin/env', '--version']).returncode"
    outputs = execute(tmp_path, forked, started)
    assert "child" in text(outputs[0])
    assert error(outputs[1]) == ""


# ---------------------------------------------------------------- limits


def test_a_flood_is_cut_with_a_notice_and_the_cell_interrupted(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    flood, after = execute(tmp_path, "while True: print('x' * 1000)", "1 + 1")
    assert "Output over the limit of 64 KiB was cut." in text(flood)
    assert len(text(flood)) < 70_000
    assert error(flood).startswith("KeyboardInterrupt")
    assert text(after) == "2"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_many_displays_are_cut_and_forged_parents_do_not_help(tmp_path: Path) -> None:
    forged = """
from IPython.display import display
kernel = get_ipython().kernel
for number in range(300):
    kernel.session.send(kernel.iopub_socket, 'stream', {'name': 'stdout', 'text': 'f' * 1000}, parent={'header': {}})
    display('y' * 1000)
"""
    (outputs,) = execute(tmp_path, forged)
    shown = text(outputs)
    assert 0 < len(shown) < 70_000
    assert "was cut" in shown


def test_processor_time_of_a_cell_is_limited_and_the_next_one_runs(tmp_path: Path) -> None:
    outputs = execute(tmp_path, "while True: pass", "'still here'")
    assert error(outputs[0]).startswith("KeyboardInterrupt")
    assert text(outputs[1]) == "'still here'"


@pytest.mark.parametrize(
    "program",
    [
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "import os\nos._exit(3)",
        "import os\nwhile True: os.fork()",
        "import os\nfor number in range(3, 60):\n    try: os.close(number)\n    except OSError: pass\nwhile True: pass",
    ],
    ids=["ignores interrupts", "exits", "forks without end", "closes its channels"],
)
def test_a_kernel_that_cannot_be_held_is_killed(tmp_path: Path, program: str) -> None:
    with pytest.raises(DeadKernelError):
        execute(tmp_path, program, "1")


def test_memory_is_limited(tmp_path: Path) -> None:
    outputs = execute(tmp_path, "bytearray(2 * 10**9)", "'still here'")
    assert error(outputs[0]).startswith("MemoryError")
    assert text(outputs[1]) == "'still here'"


# ---------------------------------------------------------------- interrupt, restart, shutdown


def run(client: Any, code: str) -> Any:
    return client.execute_interactive(
        code, timeout=30, store_history=False, stop_on_error=False, output_hook=lambda _message: None
    )


def test_interrupt_restart_and_shutdown_as_jupyter_does_them() -> None:
    threads = set(threading.enumerate())
    manager, client = start_new_kernel(kernel_name=KERNEL)
    try:
        run(client, "kept = 1")
        # Else ipykernel aborts what comes soon after an error.
        client.execute("import time\nprint('asleep', flush=True)\ntime.sleep(60)", stop_on_error=False)
        while client.get_iopub_msg(timeout=10)["msg_type"] != "stream":
            continue
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=10)["content"]
        assert reply["ename"] == "KeyboardInterrupt"
        assert run(client, "kept")["content"]["status"] == "ok"
        for now in (True, False):
            manager.restart_kernel(now=now)
            client.wait_for_ready(timeout=30)
            assert run(client, "kept")["content"]["ename"] == "NameError"
            run(client, "kept = 1")
        folder = Path(manager.ip).parent
        assert folder.is_dir()
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    assert not manager.is_alive()
    assert not folder.exists()
    assert not [one for one in set(threading.enumerate()) - threads if one.name == "greenroom-kernel-relay"]


def test_a_question_on_stdin_reaches_the_client_that_asked() -> None:
    manager, client = start_new_kernel(kernel_name=KERNEL)
    try:
        client.execute("name = input('Who? ')", allow_stdin=True)
        assert client.get_stdin_msg(timeout=20)["content"]["prompt"] == "Who? "
        client.input("Ada")
        assert client.get_shell_msg(timeout=20)["content"]["status"] == "ok"
        reply = client.execute_interactive("", timeout=20, user_expressions={"name": "name"})
        assert reply["content"]["user_expressions"]["name"]["data"]["text/plain"] == "'Ada'"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_many_kernels_leave_nothing_behind() -> None:
    def live() -> list[str]:
        return [path.name for path in Path(tempfile.gettempdir()).glob("greenroom-*") if (path / "kernel").exists()]

    async def one() -> None:
        manager, client = await start_new_async_kernel(kernel_name=KERNEL)
        try:
            reply = await client.execute_interactive("1", timeout=30, output_hook=lambda _message: None)
            assert reply["content"]["status"] == "ok"
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    async def several() -> None:
        await asyncio.gather(*(one() for _ in range(3)))

    asyncio.run(several())
    counted = _open_descriptors(), len(live())
    asyncio.run(several())
    assert (_open_descriptors(), len(live())) == counted


# ---------------------------------------------------------------- the programs of others

NOTEBOOK = [
    (
        "def squares(n):\n    ### BEGIN SOLUTION\n    return [i * i for i in range(n)]\n    ### END SOLUTION",
        "answer",
        0,
    ),
    ("assert squares(2) == [0, 1]\n### BEGIN HIDDEN TESTS\nassert squares(3)[2] == 4\n### END HIDDEN TESTS", "test", 2),
]


def nbgrader_notebook(answer: str | None = None) -> str:
    cells = []
    for source, grade_id, points in NOTEBOOK:
        meta: dict[str, Any] = {"grade_id": grade_id, "schema_version": 3, "task": False}
        meta |= {"grade": points > 0, "locked": points > 0, "solution": points == 0}
        cell = new_code_cell(source, metadata={"nbgrader": meta | ({"points": points} if points else {})})
        cells.append(cell)
    if answer is not None:
        cells[0].source = answer
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return str(nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": kernel})))


def command(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(cwd), "JUPYTER_CONFIG_DIR": str(cwd / "no-config")}
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done


def test_nbconvert_executes_in_a_box(tmp_path: Path) -> None:
    source = "import os\nprint(os.getpid(), os.path.exists('/etc/passwd'))"
    nbformat.write(new_notebook(cells=[new_code_cell(source)]), tmp_path / "nb.ipynb")
    command("jupyter", "nbconvert", "--execute", "--to", "notebook", "--inplace",
            f"--ExecutePreprocessor.kernel_name={KERNEL}", "nb.ipynb", cwd=tmp_path)  # fmt: skip
    (cell,) = nbformat.read(tmp_path / "nb.ipynb", as_version=4).cells
    assert text(cell.outputs) == "1 False\n"


def test_stock_nbgrader_autogrades_in_boxes(tmp_path: Path) -> None:
    """The notebooks ask for python3; the spec of that name is the sandboxed one."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    (tmp_path / "source" / "ps1" / "nb.ipynb").write_text(nbgrader_notebook())
    gradebook = f"open({str(tmp_path / 'gradebook.db')!r}, 'r+b')"
    answers = {
        "ada": "def squares(n):\n    return [i * i for i in range(n)]",
        "bob": "def squares(n):\n    return [0, 1]",
        "eve": f"{gradebook}\ndef squares(n):\n    return [i * i for i in range(n)]",
    }
    for student, answer in answers.items():
        (tmp_path / "submitted" / student / "ps1").mkdir(parents=True)
        (tmp_path / "submitted" / student / "ps1" / "nb.ipynb").write_text(nbgrader_notebook(answer))
    command("nbgrader", "generate_assignment", "ps1", cwd=tmp_path)
    command("nbgrader", "autograde", "ps1", cwd=tmp_path)
    command("nbgrader", "export", cwd=tmp_path)
    rows = (tmp_path / "grades.csv").read_text().splitlines()
    name, score = rows[0].split(",").index("student_id"), rows[0].split(",").index("score")
    assert {row.split(",")[name]: float(row.split(",")[score]) for row in rows[1:]} == {"ada": 2, "bob": 0, "eve": 0}
    failed = json.loads((tmp_path / "autograded" / "eve" / "ps1" / "nb.ipynb").read_text())["cells"][0]["outputs"]
    assert failed[0]["ename"] == "FileNotFoundError"


def test_no_process_of_a_kernel_is_left(tmp_path: Path) -> None:
    execute(tmp_path, "import os\nif os.fork() == 0:\n    os.setsid()\n    import time\n    time.sleep(1000)")
    close_sandboxes()
    children = psutil.Process().children(recursive=True)
    assert [one.pid for one in children if "bwrap" in one.name() or "greenroom" in " ".join(one.cmdline())] == []
