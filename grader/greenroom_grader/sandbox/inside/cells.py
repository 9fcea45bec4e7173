"""Notebook cells in an IPython shell without ZeroMQ.

Loaded late, so it imports no neighbour: the harness is handed in.
"""

from __future__ import annotations

import sys
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

#: IPython has no type information for its methods.
_Shell: Any = InteractiveShell


def prepare() -> Any:
    """The one shell of this process, warmed up; made in the zygote where cells are expected."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.cache_size = 0
    shell = _Shell.instance(config=config)
    shell.run_cell("1 + 1", store_history=False, silent=True)
    shell.reset(new_session=True)
    return shell


def run(harness: Any, source: str) -> dict[str, Any]:
    """Run one cell in the harness's namespace; the answer's v is the text of what its last expression displayed."""
    if harness.shell is None:
        harness.shell = _adopt(harness)
    shell = harness.shell
    _own_files(harness, source)
    number = shell.execution_count
    result = shell.run_cell(source, store_history=True)
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return {"v": None if result.result is None else harness.encode(_displayed(shell, result.result))}
    if isinstance(error, SyntaxError) and result.error_before_exec is not None:
        return {"e": harness.describe_syntax(error, f"cell {number}", source)}
    return {"e": harness.describe(error)}


def _displayed(shell: Any, value: Any) -> str | None:
    """The text/plain form that a notebook shows."""
    text = shell.display_formatter.format(value, include=("text/plain",))[0].get("text/plain")
    return text if type(text) is str else None


def _adopt(harness: Any) -> Any:
    """Give the shell the harness's module, so that load(), call() and cell() see one namespace."""
    shell = _Shell._instance or prepare()  # noqa: SLF001 - whether it exists, without making one
    for name, value in shell.user_ns.items():
        harness.names.setdefault(name, value)
    shell.user_module = harness.module
    shell.user_ns = harness.names
    sys.modules["__main__"] = harness.module
    # Tracebacks go out as data; printing them as well would fill the output.
    shell.showtraceback = lambda *_arguments, **_keywords: None
    shell.showsyntaxerror = lambda *_arguments, **_keywords: None
    # Nor are they kept: formatting the first one for the history would load 65 ms of modules.
    shell._format_exception_for_storage = lambda *_arguments, **_keywords: None  # noqa: SLF001 - no public switch
    return shell


def _own_files(harness: Any, source: str) -> None:
    """Let frames of this cell count as the student's, under a name that says which cell it is."""
    number = harness.shell.execution_count
    filename = f"<cell {number}>"
    harness.shell.compile.get_code_name = lambda _raw, _transformed, _number: filename
    harness.sources.add(filename, source)
    harness.shown[filename] = f"cell {number}"
