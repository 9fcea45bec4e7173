"""What a notebook imports: the editor of a problem, and the student's own data as tables.

>>> from greenroom_notebook import problem, client  # doctest: +SKIP
>>> problem("two-sum")  # doctest: +SKIP
>>> client.submissions()  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenroom_notebook.errors import (
    BadProblemIdError,
    GreenroomNotebookError,
    NotBuiltError,
    NotConnectedError,
    RefusedError,
)

if TYPE_CHECKING:
    from greenroom_notebook.client import Client
    from greenroom_notebook.editor import ProblemEditor

__all__ = [
    "BadProblemIdError",
    "GreenroomNotebookError",
    "NotBuiltError",
    "NotConnectedError",
    "RefusedError",
    "client",
    "problem",
]

client: Client


def problem(problem_id: str) -> ProblemEditor:
    """Return the editor of a problem, to be shown by being a cell's last value.

    Raises BadProblemIdError for what cannot be a problem's id, NotBuiltError when the editor's bundle is missing.
    """
    # Widgets take half a second to import; a notebook that only wants data need not wait.
    from greenroom_notebook.editor import ProblemEditor  # noqa: PLC0415

    return ProblemEditor.of(problem_id)


def __getattr__(name: str) -> object:
    """Make ``client`` on first use: it reads the environment and imports pandas."""
    if name != "client":
        raise AttributeError(name)
    from greenroom_notebook.client import Client  # noqa: PLC0415

    made = Client.from_environment()
    globals()["client"] = made
    return made
