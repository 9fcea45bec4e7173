"""The half beside the student's server: forwards the panels' calls as the student."""

from __future__ import annotations

from typing import Any

__all__ = ["_jupyter_labextension_paths", "_jupyter_server_extension_points"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab where the built panels lie; the folder must bear the npm package's name."""
    return [{"src": "labextension", "dest": "greenroom-lab"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell Jupyter Server what to load; imported late so that asking for the paths costs nothing."""
    from greenroom_lab.app import GreenroomLab  # noqa: PLC0415 - see the docstring

    return [{"module": "greenroom_lab", "app": GreenroomLab}]
