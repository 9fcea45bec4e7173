"""The editor as a notebook widget. Its code runs in the browser; the kernel only defines what it is handed."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.core.getipython import get_ipython

from greenroom_notebook.errors import BadProblemIdError, NotBuiltError

_STATIC = Path(__file__).parent / "static"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class ProblemEditor(anywidget.AnyWidget):
    """The editor of one problem.

    Drafts and submissions go from the browser to the service, not through the kernel, so nothing is lost with it.
    Nothing of a draft is widget state, so that nothing of it is saved in the notebook file.
    """

    _esm = _STATIC / "widget.js" if (_STATIC / "widget.js").exists() else "export default {}"
    _css = _STATIC / "widget.css" if (_STATIC / "widget.css").exists() else ""

    problem = traitlets.Unicode().tag(sync=True)
    #: Where the student's server is, for pages that do not say so themselves.
    base_url = traitlets.Unicode().tag(sync=True)

    @classmethod
    def of(cls, problem_id: str) -> ProblemEditor:
        """Make the editor of a problem. Raises BadProblemIdError and NotBuiltError."""
        if not isinstance(problem_id, str) or not _ID.fullmatch(problem_id):
            raise BadProblemIdError(
                f"{problem_id!r} is not the id of a problem; ids look like 'two-sum' and stand in the problem list"
            )
        if not (_STATIC / "widget.js").exists():
            raise NotBuiltError("the editor is not built here; run 'npm ci' and 'npm run build:prod' in extension/")
        editor = cls(problem=problem_id, base_url=os.environ.get("JUPYTERHUB_SERVICE_PREFIX", ""))
        editor.on_msg(_define)
        return editor


def _define(_widget: object, content: Any, _buffers: object) -> None:
    """Run the code that the editor hands over in the notebook's namespace: its 'To kernel' button."""
    shell: Any = get_ipython()  # its methods carry no annotations
    if shell is not None and isinstance(content, dict) and content.get("kind") == "define":
        shell.run_cell(str(content.get("code", "")), store_history=False)
