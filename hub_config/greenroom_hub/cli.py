"""The command line: a table of names, each loaded only when it is asked for.

``./greenroom grade`` must not pay for importing the Hub, so the table names functions instead of importing them. A
value that the user got wrong ends in one line on standard error and exit status 2, whichever floor it came from.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE = 2
INTERRUPTED = 128 + signal.SIGINT


@dataclass(frozen=True, slots=True)
class Entry:
    """One command."""

    #: ``module:name`` of a plain function with typer annotations, or of a typer application.
    target: str
    #: What the list of commands says of it.
    summary: str


#: Every command, in the order in which help shows them. A name of two words is a command of a group.
COMMANDS: dict[str, Entry] = {
    "up": Entry("greenroom_hub.up:up", "Start everything: hub, proxy, service and grader."),
    "doctor": Entry("greenroom_hub.doctor:doctor", "Say what this machine offers and what is missing."),
    "test": Entry("greenroom_hub.suites:run_tests", "Run every test suite."),
    "new": Entry("greenroom_problems.commands:new", "Begin a problem from a small, sound one."),
    "check": Entry("greenroom_grader.gate.command:check", "Check that problems are sound."),
    "grade": Entry("greenroom_grader.commands.grade:grade", "Grade files against a problem or an assignment."),
    "kernelspec": Entry("greenroom_grader.commands.kernelspec:kernelspec", "Install the sandboxed kernel for Jupyter."),
    "release": Entry("greenroom_problems.commands:release", "Write the notebooks that students get."),
    "import": Entry(
        "greenroom_grader.commands.exchange:import_", "Bring nbgrader notebooks and Exercism exercises in."
    ),
    "export": Entry("greenroom_grader.commands.exchange:export", "Write problems out for nbgrader."),
    "cohort": Entry("greenroom_service.commands:cohort", "Make cohorts and manage their members."),
    "contest standings": Entry(
        "greenroom_service.contests.commands:standings", "Print the board of an ICPC Contest API archive."
    ),
    "rejudge": Entry("greenroom_service.commands:rejudge", "Judge a problem's submissions again."),
    "keys rotate": Entry("greenroom_service.interviews.rotation:keys_rotate", "Seal transcripts with a new key."),
    "worker": Entry("greenroom_service.commands:worker", "Grade submissions for a service on another machine."),
    "bench grader": Entry("greenroom_grader.commands.bench:bench_grader", "Measure submissions per second."),
    "bench api": Entry("greenroom_service.commands:bench_api", "Measure requests per second."),
}


class UnknownCommandError(Exception):
    """The first words name no command; its text is the line for the user."""


def find(words: Sequence[str]) -> tuple[str, Entry, list[str]]:
    """Return the name, entry and remaining arguments of the command that *words* begin with."""
    for count in (2, 1):
        name = " ".join(words[:count])
        if name in COMMANDS:
            return name, COMMANDS[name], list(words[count:])
    group = [name for name in COMMANDS if name.startswith(f"{words[0]} ")]
    if group:
        raise UnknownCommandError(f"{words[0]} needs one of: {', '.join(name.split()[1] for name in group)}")
    raise UnknownCommandError(f"there is no command {words[0]!r}; ./greenroom --help lists them")


def overview() -> str:
    """Return what ``--help`` prints, without importing a single command."""
    width = max(map(len, COMMANDS))
    rows = "\n".join(f"  {name:<{width}}  {entry.summary}" for name, entry in COMMANDS.items())
    return (
        "Usage: ./greenroom COMMAND [OPTIONS] [ARGUMENTS]\n\n"
        "Greenroom: where people rehearse for technical interviews.\n\n"
        f"Commands:\n{rows}\n\n"
        "./greenroom COMMAND --help says more about each.\n"
        "Exit status: 0 when the command did its work, 1 when a check failed, 2 for bad usage."
    )


def load(entry: Entry) -> typer.Typer:
    """Import the command of *entry* and return it as an application."""
    module, _, name = entry.target.partition(":")
    found = getattr(importlib.import_module(module), name)
    if isinstance(found, typer.Typer):
        return found
    application = typer.Typer(add_completion=False)
    application.command(help=found.__doc__)(found)
    return application


def run(arguments: Sequence[str]) -> int:
    """Run the command that *arguments* ask for and return its exit status."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        typer.echo(overview())
        return 0 if arguments else USAGE
    if arguments[0] == "--version":
        typer.echo(f"greenroom {version('greenroom')}")
        return 0
    name, entry, rest = find(arguments)
    command = typer.main.get_command(load(entry))
    result = command.main(args=rest, prog_name=f"greenroom {name}", standalone_mode=False)
    return result if isinstance(result, int) else 0


def explain(error: Exception) -> tuple[str, int] | None:
    """Return the line and the exit status for an error that is meant for the user, None for a defect of ours."""
    if isinstance(error, UnknownCommandError):
        return str(error), USAGE
    formatted = getattr(error, "format_message", None)  # usage errors of typer, and of click in libraries
    if callable(formatted):
        return str(formatted()), int(getattr(error, "exit_code", USAGE))
    if type(error).__module__.startswith("greenroom_"):
        return str(error), int(getattr(error, "status", USAGE))
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}", USAGE
    return None


def main() -> None:
    """Run the command line of this process and exit."""
    try:
        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        status = INTERRUPTED
    except typer.Abort:
        status = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except Exception as error:
        explained = explain(error)
        if explained is None:
            if os.environ.get("GREENROOM_TRACEBACK"):
                raise
            explained = f"internal error: {type(error).__name__}: {error} (GREENROOM_TRACEBACK=1 shows where)", 1
        text, status = explained
        typer.echo(f"greenroom: {' '.join(text.split())}", err=True)
    sys.exit(status)
