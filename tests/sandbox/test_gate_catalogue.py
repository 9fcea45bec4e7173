"""Every problem that is shipped passes the whole gate: reference, wrong and slow solutions, examples, inputs, mutants.

All of them are checked in the background, as many at a time as there are processors, while the tests wait for one after
the other. What passed before and has not changed since, nor the gate's own code, is remembered in the user's cache, as
by ``greenroom check``; on a machine that has none, and with ``GREENROOM_CHECK_ALL=1``, everything is checked anew.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from greenroom_grader.gate.cache import InspectionCache, cache_folder
from greenroom_grader.gate.inspection import KILLED, Inspection, inspect
from greenroom_grader.gate.survey import survey
from greenroom_grader.sandbox import SandboxConfig, open_sandbox
from greenroom_problems.catalogue import problem_files
from greenroom_problems.folder import notebooks_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greenroom_problems import Problem

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(900)]

NOTEBOOKS = notebooks_folder()


@pytest.fixture(scope="module")
def inspections() -> Iterator[Mapping[str, Future[Inspection]]]:
    cache = InspectionCache(cache_folder())
    anew = os.environ.get("GREENROOM_CHECK_ALL") == "1"
    config = SandboxConfig(pool={"plain": 2, "data": 1})
    with open_sandbox(config) as sandbox, ThreadPoolExecutor(os.cpu_count()) as pool:

        def inspected(problem: Problem) -> Inspection:
            known = None if anew else cache.get(problem)
            if known is not None:
                return known
            inspection = inspect(sandbox, problem)
            cache.put(problem, inspection)
            return inspection

        yield {problem.id: pool.submit(inspected, problem) for problem in survey(NOTEBOOKS).problems}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("problem_id", [path.stem for path in problem_files(NOTEBOOKS / "problems")])
def test_a_shipped_problem_passes_the_gate(inspections: Mapping[str, Future[Inspection]], problem_id: str) -> None:
    inspection = inspections[problem_id].result()
    assert [str(finding) for finding in inspection.findings] == []
    assert inspection.mutants > 0
    assert inspection.score >= KILLED


def test_sheets_and_scenarios_have_no_findings() -> None:
    assert [str(finding) for finding in survey(NOTEBOOKS).findings] == []
