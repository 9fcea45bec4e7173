"""Verdicts: what a submission can be told."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of one case or of a whole submission, worst case first when several differ."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    RUNTIME_ERROR = "runtime_error"
    SYNTAX_ERROR = "syntax_error"
    #: A fault of ours. It never counts against a student.
    INTERNAL_ERROR = "internal_error"

    @property
    def short(self) -> str:
        """The two or three letters that scoreboards show: AC, WA, TLE, MLE, OLE, RTE, CE, IE."""
        return _SHORT[self]


_SHORT = {
    Verdict.ACCEPTED: "AC",
    Verdict.WRONG_ANSWER: "WA",
    Verdict.TIME_LIMIT: "TLE",
    Verdict.MEMORY_LIMIT: "MLE",
    Verdict.OUTPUT_LIMIT: "OLE",
    Verdict.RUNTIME_ERROR: "RTE",
    Verdict.SYNTAX_ERROR: "CE",
    Verdict.INTERNAL_ERROR: "IE",
}
