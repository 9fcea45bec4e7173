"""Builds the browser half into a wheel; an editable install needs no node, as its panels are built afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatch_jupyter_builder import npm_builder
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BrowserHalf(BuildHookInterface[Any]):
    """Runs npm for a wheel and ships what it built; ``HATCH_JUPYTER_BUILDER_SKIP_NPM=1`` ships what lies there."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and add the panels and the widget's bundle, which git ignores, to the wheel."""
        if version == "editable" or self.target_name != "wheel":
            return
        root = Path(self.root)
        npm_builder("wheel", version, path=str(root / "extension"), build_cmd="build:prod", npm=["npm"])
        panels = root / "extension" / "greenroom_lab" / "labextension"
        bundle = root / "notebooks" / "greenroom_notebook" / "static"
        for folder in (panels, bundle):
            if not folder.is_dir():
                raise FileNotFoundError(f"{folder} is missing: run 'npm ci' and 'npm run build:prod' in extension/")
        build_data["shared_data"][str(panels)] = "share/jupyter/labextensions/greenroom-lab"
        build_data["force_include"][str(panels)] = "greenroom_lab/labextension"
        build_data["force_include"][str(bundle)] = "greenroom_notebook/static"
