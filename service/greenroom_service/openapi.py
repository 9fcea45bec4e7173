"""Writes service/openapi.json, from which the panels' types are generated: ``python -m greenroom_service.openapi``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from greenroom_service.app import create_app
from greenroom_service.errors import GreenroomServiceError
from greenroom_service.settings import Settings

if TYPE_CHECKING:
    from greenroom_service.judging import Engine

#: Where the document is committed.
COMMITTED = Path(__file__).parents[1] / "openapi.json"


def _no_engine() -> Engine:
    raise GreenroomServiceError("the document needs no grader")


def document() -> str:
    """The OpenAPI document of the default settings, as it is committed."""
    settings = Settings(
        database_url="sqlite:///unused.sqlite",
        hub_api_url="http://127.0.0.1/hub/api",
        hub_api_token=SecretStr("unused"),
    )
    app = create_app(settings, _no_engine)
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    COMMITTED.write_text(document(), encoding="utf-8")
    sys.stdout.write(f"wrote {COMMITTED.name}\n")
