"""Reports as plain dicts, for JSON and for the database."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from greenroom_grader.report import Report


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Report]:
    from greenroom_problems.verdict import Verdict  # noqa: PLC0415 - resolves an annotation of report.py

    adapter: TypeAdapter[Report] = TypeAdapter(Report)
    adapter.rebuild(_types_namespace={"Verdict": Verdict})
    return adapter


def report_to_dict(report: Report) -> dict[str, Any]:
    """All fields by name; verdicts as their values, tuples as lists."""
    form: dict[str, Any] = asdict(report)
    form["verdict"] = report.verdict.value
    form["cases"] = [{**case, "verdict": case["verdict"].value} for case in form["cases"]]
    if form["failing"] is not None:
        form["failing"]["verdict"] = form["failing"]["verdict"].value
    if form["growth"] is not None:
        form["growth"]["points"] = list(form["growth"]["points"])
    return form


def report_from_dict(form: dict[str, Any]) -> Report:
    """The report that report_to_dict made the dict of.

    Raises:
        ValueError: a field is missing or of another type.
    """
    return _adapter().validate_python(form)
