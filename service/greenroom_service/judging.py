"""Judging: what the service asks of the grader, and the grader behind it."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from greenroom_grader.errors import GraderError, SandboxError
from greenroom_problems import Verdict
from greenroom_service.errors import UnavailableError
from greenroom_service.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from greenroom_grader.report import CaseReport, Growth, Report
    from greenroom_problems import Problem

_log = get_logger("greenroom.judging")
#: Characters of one text of a case that are kept; the judge has its own limits, this is the database's.
_MAX_TEXT = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One own input of a student, answered by their code and by the reference."""

    call: str
    actual: str | None
    expected: str | None
    #: None where the input cannot be judged, for example because it is not allowed.
    verdict: Verdict | None
    stdout: str
    traceback: str
    message: str
    cpu_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What comparing with the reference on random inputs found."""

    tried: int
    #: The smallest input on which the two differ; None when none was found.
    case: CaseReport | None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A visible case of a problem."""

    call: str
    expected: str | None


class Engine(Protocol):
    """Judges. Thread-safe. Every method may raise GraderError; what a student did is never an error but a result."""

    @property
    def level(self) -> str:
        """The isolation that boxes run under, for /readyz; empty when there is none."""
        ...

    def judge(self, problem: Problem, source: str) -> Report:
        """The verdict on a submission."""
        ...

    def growth(self, problem: Problem, source: str) -> Growth | None:
        """How an accepted submission's time grows; None where the problem cannot tell."""
        ...

    def run(self, problem: Problem, source: str, inputs: Sequence[str]) -> tuple[Answer, ...]:
        """Answers to own inputs."""
        ...

    def stress(self, problem: Problem, source: str) -> Difference:
        """Random inputs until the submission and the reference differ, within a time budget."""
        ...

    def examples(self, problem: Problem) -> tuple[Example, ...]:
        """The visible cases."""
        ...

    def close(self) -> None:
        """Free everything. May be called twice."""
        ...


class LazyEngine:
    """Opens the real engine in the background, so that drafts can be saved while zygotes are still warming up.

    Args:
        open_engine: opens it; a SandboxError is remembered and told to whoever asks.
        patience: seconds that a request waits for it.
    """

    def __init__(self, open_engine: Callable[[], Engine], *, patience: float = 30.0) -> None:
        self._open = open_engine
        self._patience = patience
        self._ready = threading.Event()
        self._engine: Engine | None = None
        self._reason = "The grader is still starting."
        self._thread = threading.Thread(target=self._run, name="greenroom-open-engine", daemon=True)

    def start(self) -> None:
        """Begin to open it."""
        self._thread.start()

    def get(self) -> Engine:
        """The engine.

        Raises:
            UnavailableError: it is not ready yet, or this machine offers no sandbox.
        """
        self._ready.wait(self._patience)
        if self._engine is None:
            raise UnavailableError(f"{self._reason} Drafts are saved; try again later.", retry_after=15)
        return self._engine

    @property
    def ready(self) -> bool:
        """Whether it can be asked without waiting."""
        return self._engine is not None

    @property
    def available(self) -> bool:
        """Whether submissions can be judged now or will be shortly."""
        return self._engine is not None or not self._ready.is_set()

    @property
    def level(self) -> str:
        """The isolation of the boxes, or why there is none."""
        return self._reason if self._engine is None else self._engine.level

    def close(self) -> None:
        """Wait until it is open, and close it."""
        if self._thread.is_alive():
            self._thread.join(self._patience)
        if self._engine is not None:
            self._engine.close()

    def _run(self) -> None:
        try:
            self._engine = self._open()
        except SandboxError as error:
            self._reason = f"This machine cannot grade: {error}"
            _log.error("no sandbox", reason=str(error))
        except Exception as error:  # noqa: BLE001 - a thread's fault must reach those who wait
            self._reason = "The grader did not start; the service's log says why."
            _log.exception("the grader did not start", error=type(error).__name__)
        finally:
            self._ready.set()


class ExampleShelf:
    """The visible cases of problems, asked of the engine once per version of a problem."""

    def __init__(self, engine: LazyEngine) -> None:
        self._engine = engine
        self._known: dict[str, tuple[Example, ...]] = {}

    def of(self, problem: Problem) -> tuple[Example, ...]:
        """The visible cases; none while the grader is starting, or when the problem cannot be published."""
        known = self._known.get(problem.digest)
        if known is not None:
            return known
        if not self._engine.ready:
            return ()
        try:
            found = self._engine.get().examples(problem)
        except GraderError as error:
            _log.warning("no examples", problem=problem.id, reason=str(error))
            found = ()
        self._known[problem.digest] = found
        return found


def report_fields(report: Report) -> dict[str, Any]:
    """A report as the columns of a submission."""
    return {
        "verdict": report.verdict.value,
        "score": report.score,
        "max_score": report.max_score,
        "passed": report.passed,
        "total": report.total,
        "cpu_ms": report.cpu_ms,
        "wall_ms": report.wall_ms,
        "memory_kb": report.memory_kb,
        "isolation": report.isolation,
        "message": storable(report.message),
        "digest": report.digest,
        "details": {
            "cases": [case_fields(case) for case in report.cases],
            "failing": None if report.failing is None else case_fields(report.failing),
            "growth": None if report.growth is None else growth_fields(report.growth),
        },
    }


def case_fields(case: CaseReport) -> dict[str, Any]:
    """A case as plain JSON that every database can store."""
    return {key: storable(value) for key, value in asdict(case).items()}


def growth_fields(growth: Growth) -> dict[str, Any]:
    """A growth as plain JSON."""
    return {
        "label": growth.label,
        "target": growth.target,
        "message": growth.message,
        "points": [asdict(point) for point in growth.points],
    }


def storable(value: Any) -> Any:
    """A text without what databases refuse (NUL, halves of surrogate pairs) and not too long; all else unchanged."""
    if isinstance(value, Verdict):
        return value.value
    if not isinstance(value, str):
        return value
    clean = value.replace("\x00", "\u2400").encode("utf-8", "backslashreplace").decode()
    return clean if len(clean) <= _MAX_TEXT else clean[:_MAX_TEXT] + "\n[cut]"
