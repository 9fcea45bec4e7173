"""docs/settings.md: every environment variable that Greenroom reads, written from the code that reads it.

``python -m greenroom_hub.reference`` writes the page; a test says when it was forgotten.
"""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from greenroom_hub.paths import house
from greenroom_hub.settings import for_the_service
from greenroom_service.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

#: What ``up`` itself reads.
UP = {
    "GREENROOM_DATABASE_URL": "PostgreSQL for the service, e.g. `postgresql://greenroom@db/greenroom`; default: SQLite "
    "in the data folder. `./greenroom worker` reads it too.",
    "GREENROOM_HUB_DATABASE_URL": "SQLAlchemy URL of the Hub's own database; default: SQLite in the data folder.",
    "GREENROOM_REDIS_URL": "Redis for rate limits that several service processes share; default: the process's memory.",
    "GREENROOM_CLAUDE_KEY_FILE": "A file, readable by its owner only, that holds the key for Claude. Only the service "
    "is told where it is.",
    "GREENROOM_IDLE_SECONDS": "Seconds without activity after which a student's server is stopped; default: 3600.",
    "GREENROOM_UNSAFE": "Grade without any isolation when set to 1. For development only.",
}
#: What the bootstrap script and all commands read.
COMMANDS = {
    "GREENROOM_NO_APT": "Never install anything by apt; say what is missing instead.",
    "GREENROOM_NOTEBOOKS": "The folder that holds `problems/` and `sheets/`; default: `notebooks/` of this clone.",
    "GREENROOM_SERVICE_URL": "The service that `cohort` and `rejudge` speak to; students' servers are told by the Hub.",
    "GREENROOM_TOKEN": "The token, made at the Hub's page `/hub/token`, that those commands use.",
    "GREENROOM_TRACEBACK": "Show where an internal error happened.",
}
#: Handed from one of our processes to another; nothing to set by hand.
INTERNAL = {
    "GREENROOM_STARTED": "When the bootstrap script began, for the seconds shown before each step.",
    "GREENROOM_HUB_SETTINGS": "What `up` tells the Hub's process, as JSON.",
    "GREENROOM_PUBLIC_URL": "What `--public-url` said, for the service.",
}
#: What a Hub that ``up`` does not start reads besides those of ``up``.
CONTAINERS = {
    "GREENROOM_DATA": "The folder that everything lasting is kept in; `up` has the option `--data` for it.",
    "GREENROOM_ADMIN_HASH": "The bcrypt hash of the password of the account `admin`, which is made when it is missing.",
}


def comments(source: str) -> dict[str, str]:
    """Return what the ``#:`` lines above each annotated field of the first class in *source* say, by field."""
    lines = source.splitlines()
    found = {}
    for node in ast.parse(source).body[0].body:  # type: ignore[attr-defined] # a class, as said
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            first = node.lineno - 1
            while first and lines[first - 1].lstrip().startswith("#:"):
                first -= 1
            said = [line.strip().removeprefix("#:").strip() for line in lines[first : node.lineno - 1]]
            found[node.target.id] = " ".join(said)
    return found


def of_the_service() -> dict[str, str]:
    """Return the further variables of the service with what the comments beside its fields say."""
    said = comments(inspect.getsource(Settings))
    found, first = {}, ""
    for name, field in Settings.model_fields.items():
        variable = f"GREENROOM_{name.upper()}"
        if said.get(name):
            first = name
        shared = name.split("_")[0] == first.split("_")[0]  # one comment may stand above several of a kind
        if variable in for_the_service():
            meaning = said[first].replace("``", "`") if shared else ""
            found[variable] = meaning + default_of(field.default_factory, field.default)
    return found


def default_of(factory: object, value: object) -> str:
    """Return the words for a default; none for one that says nothing."""
    if factory is not None:
        return " Default: the number of cores."
    shown = getattr(value, "value", value)
    return f" Default: `{shown}`." if shown and "*" not in str(shown) else ""  # stars stand for a secret


def page() -> str:
    """Return the text of docs/settings.md."""
    parts = [
        "# Settings",
        "Written from the code by `python -m greenroom_hub.reference`; change the code, not this page.",
    ]
    for title, table in (
        ("What `./greenroom up` reads", UP),
        ("What `up` passes on to the service", of_the_service()),
        ("What the commands read", COMMANDS),
        ("In containers, where the Hub is not started by `up`", CONTAINERS),
        ("Between our own processes", INTERNAL),
    ):
        rows = [f"| `{name}` | {meaning} |" for name, meaning in sorted(table.items())]
        parts += [f"## {title}", "\n".join(["| variable | meaning |", "|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def place() -> Path:
    """Return where the page lies."""
    return house().root / "docs" / "settings.md"


if __name__ == "__main__":
    place().parent.mkdir(exist_ok=True)
    place().write_text(page())
