"""What can go wrong in a notebook.

GreenroomNotebookError
├── BadProblemIdError    not the id of a problem
├── NotBuiltError        the editor's bundle is missing
├── NotConnectedError    no service, or it does not answer
└── RefusedError         the service said no
"""

from __future__ import annotations


class GreenroomNotebookError(Exception):
    """Base of everything this package raises; shown in a notebook as one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """Tell IPython what to show."""
        return [f"{type(self).__name__.removesuffix('Error')}: {self}"]


class BadProblemIdError(GreenroomNotebookError, ValueError):
    """The text cannot be the id of a problem."""


class NotBuiltError(GreenroomNotebookError):
    """The editor was not built on this installation."""


class NotConnectedError(GreenroomNotebookError):
    """There is no service to talk to, or it does not answer."""


class RefusedError(GreenroomNotebookError):
    """The service answered, and the answer is no."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
