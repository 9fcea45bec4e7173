"""Errors of interviews.

::

    GreenroomServiceError
    |-- ConflictError (409)
    |   `-- IllegalMoveError      the interview's state does not allow it
    |-- RateLimitedError (429)
    |   `-- BudgetError           tokens or money for this period are used up, or the caller asks too fast
    `-- ClaudeFault               a call of Claude failed; see FaultKind
"""

from __future__ import annotations

from enum import StrEnum

from greenroom_service.errors import ConflictError, GreenroomServiceError, RateLimitedError


class IllegalMoveError(ConflictError):
    """The interview's state does not allow this."""


class BudgetError(RateLimitedError):
    """A budget of tokens or money is used up for now."""

    kind = "budget"


class FaultKind(StrEnum):
    """What can go wrong with a call of Claude, as far as anybody treats it differently."""

    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    SERVER = "server"
    SPEND_LIMIT = "spend_limit"
    #: The key is wrong, or may not use the model.
    KEY = "key"
    #: We sent something that the API does not take: a defect of ours.
    REQUEST = "request"
    CONNECTION = "connection"
    #: The reply ended before it was complete, or was no reply.
    BROKEN = "broken"
    STALLED = "stalled"
    TOO_LONG = "too_long"
    REFUSED = "refused"


#: What the panel says.
SAYS = {
    FaultKind.RATE_LIMITED: "Claude is being asked too often just now.",
    FaultKind.OVERLOADED: "Claude is overloaded just now.",
    FaultKind.SERVER: "Claude has a fault just now.",
    FaultKind.SPEND_LIMIT: "The limit that was set for Claude's spending is reached.",
    FaultKind.KEY: "Claude does not accept this Greenroom's key. An admin has to look at it.",
    FaultKind.REQUEST: "Greenroom sent Claude something that it does not take. This is a defect of ours.",
    FaultKind.CONNECTION: "The connection to Claude was lost.",
    FaultKind.BROKEN: "Claude's reply arrived incomplete.",
    FaultKind.STALLED: "Claude stopped answering.",
    FaultKind.TOO_LONG: "Claude's reply was cut, because it became too long.",
    FaultKind.REFUSED: "Claude declined to answer this.",
}
#: Trying again can help, as long as the candidate has seen nothing of the reply.
TRANSIENT = frozenset(
    {
        FaultKind.RATE_LIMITED,
        FaultKind.OVERLOADED,
        FaultKind.SERVER,
        FaultKind.CONNECTION,
        FaultKind.BROKEN,
        FaultKind.STALLED,
    }
)


class ClaudeFault(GreenroomServiceError):  # noqa: N818 - a fault of another's, with a kind; shown, not raised to the top
    """A call of Claude failed.

    Args:
        kind: what happened.
        retry_after: seconds that the API asks to wait, None when it does not say.
        detail: for the log; never the text of a prompt, a reply or a key.
    """

    def __init__(self, kind: FaultKind, *, retry_after: float | None = None, detail: str = "") -> None:
        super().__init__(SAYS[kind])
        self.kind = kind
        self.retry_after = retry_after
        self.detail = detail

    @property
    def transient(self) -> bool:
        """Whether trying again can help."""
        return self.kind in TRANSIENT
