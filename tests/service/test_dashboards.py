"""The dashboards run clean from top to bottom in a real kernel, with data and without, and hold no output."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pandas as pd
import pytest
import sqlalchemy as sa
from handing_in import graded, submission
from nbclient import NotebookClient

from greenroom_notebook.client import Client
from greenroom_service.study.models import ReviewAnswer, ReviewCard

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from running_service import RunningService

DASHBOARDS = Path(__file__).resolve().parents[2] / "notebooks" / "dashboards"
PROGRESS = DASHBOARDS / "my_progress.ipynb"


@pytest.fixture
def data(service: RunningService, name: str) -> Iterator[Client]:
    """What ``client`` is in this student's notebooks."""
    client = Client(service.url, service.hub.add(name, "student"))
    yield client
    client.close()


def learn(service: RunningService, student: httpx.Client, name: str) -> None:
    """Three problems solved with more and more trouble, the first one reviewed a month later."""
    for failed, problem in enumerate(("two-sum", "digit-sum", "running-total")):
        for _ in range(failed):
            graded(student, submission("# verdict: wrong_answer", problem=problem))
        graded(student, submission(problem=problem))
        assert student.put(f"/v1/ratings/{problem}", json={"rating": "easy"}).status_code == 200
    with service.app.state.service.database.write() as session:
        for row in session.execute(sa.select(ReviewCard).where(ReviewCard.user_name == name)).scalars():
            row.rated_on, row.due_on = row.rated_on - dt.timedelta(days=30), row.due_on - dt.timedelta(days=30)
        for row in session.execute(sa.select(ReviewAnswer).where(ReviewAnswer.user_name == name)).scalars():
            row.rated_on -= dt.timedelta(days=30)
    student.post("/v1/reviews", json={"problem_id": "two-sum"})
    graded(student, submission())
    student.put("/v1/ratings/two-sum", json={"rating": "good"})


def run(path: Path, service: RunningService, name: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Execute a notebook as this student's server would, and return every output."""
    monkeypatch.setenv("GREENROOM_SERVICE_URL", service.url)
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", service.hub.add(name, "student"))
    monkeypatch.setenv("IPYTHONDIR", str(service.settings.data / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", store_widget_state=True)
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    # What a widget draws is in its state, not among the outputs of a cell.
    states = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    return outputs + [output for one in states.values() for output in one["state"].get("outputs", [])]


def figures(outputs: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    shown = [one["data"]["application/vnd.plotly.v1+json"] for one in outputs if "data" in one and plotly(one)]
    return {one["layout"]["title"]["text"]: one for one in shown}


def plotly(output: dict[str, Any]) -> bool:
    return "application/vnd.plotly.v1+json" in output["data"]


@pytest.mark.parametrize("path", sorted(DASHBOARDS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_dashboards_are_committed_without_output(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    assert "widgets" not in notebook.metadata


def test_the_students_own_data_are_tables(
    service: RunningService, student: httpx.Client, name: str, data: Client
) -> None:
    learn(service, student, name)
    solves = data.solves()
    assert dict(solves["attempts"]) == {"two-sum": 0, "digit-sum": 1, "running-total": 2}
    assert list(solves["mastered"]) == [True, False, False]
    assert solves["solved_on"].dtype.kind == "M"
    assert solves["solved_at"].dt.tz is not None
    mastery = data.mastery()
    assert mastery.loc["hashing", "mastered"] == 1
    assert (mastery["mastered"] <= mastery["solved"]).all()
    assert list(data.retention()["remembered"]) == [1]
    assert list(data.ratings()["elapsed"].dropna()) == [30]
    assert list(data.reviews().index)[-1] == "two-sum"
    assert data.weeks(3)["active"].iloc[-1] >= 1
    assert isinstance(data.weeks(3).index, pd.DatetimeIndex)


def test_who_has_done_nothing_gets_empty_tables_with_their_columns(data: Client) -> None:
    for table, column in ((data.solves(), "minutes"), (data.retention(), "predicted"), (data.reviews(), "due_on")):
        assert table.empty
        assert column in table.columns
    assert data.ratings().empty


def test_my_progress_draws_everything(
    service: RunningService, student: httpx.Client, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(service, student, name)
    outputs = run(PROGRESS, service, name, monkeypatch)
    drawn = figures(outputs)
    assert drawn.keys() == {
        "Topics",
        "Failed attempts before the accepted one",
        "Minutes at work",
        "Remembered in reviews",
        "Active days a week",
    }
    assert [one["name"] for one in drawn["Topics"]["data"]] == ["mastered", "solved", "tried"]
    # Offline: what is shown is data, drawn by JupyterLab; nothing brings a script along or fetches one.
    assert {kind for one in outputs for kind in one.get("data", {})} <= {
        "application/vnd.plotly.v1+json",
        "application/vnd.jupyter.widget-view+json",
        "text/plain",
        "text/html",
        "text/markdown",
    }
    assert "<script" not in json.dumps(outputs)


def test_my_progress_runs_for_who_has_done_nothing_and_says_what_to_do(
    service: RunningService, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = run(PROGRESS, service, name, monkeypatch)
    assert figures(outputs).keys() == {"Active days a week"}
    assert "Solve a problem, then your topics appear here." in json.dumps(outputs)
