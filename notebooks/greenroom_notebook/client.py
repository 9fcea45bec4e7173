"""The student's own data as tables."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

import httpx
import pandas as pd

from greenroom_notebook.errors import NotConnectedError, RefusedError

_PAGE = 200
_MOMENTS = ("created_at", "finished_at", "saved_at", "solved_at")
_DAYS = ("date", "due_on", "month", "rated_on", "solved_on", "start")


class Client:
    """Reads the caller's own data from the service.

    Args:
        base_url: the service, e.g. ``http://127.0.0.1:8000/services/greenroom``.
        token: the Hub token of the student's server.
        transport: what carries the calls; the default opens connections.
    """

    def __init__(self, base_url: str, token: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._http = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(30.0, connect=5.0),
            transport=transport,
            trust_env=False,
        )

    @classmethod
    def from_environment(cls) -> Client:
        """Connect as this server's owner. Raises NotConnectedError outside a Greenroom server."""
        base_url = os.environ.get("GREENROOM_SERVICE_URL", "")
        token = os.environ.get("JUPYTERHUB_API_TOKEN", "")
        if not base_url or not token:
            raise NotConnectedError("this notebook does not run on a Greenroom server, so there is no data to read")
        return cls(base_url, token)

    def close(self) -> None:
        """Close the connections. A notebook need not."""
        self._http.close()

    def problems(self) -> pd.DataFrame:
        """All published problems, a row each: id, title, difficulty, topics (list), kind, state, attempts."""
        return self._table("problems", index="id")

    def submissions(self, problem: str | None = None) -> pd.DataFrame:
        """Own submissions, newest first, a row each: verdict, score, passed, total, cpu_ms, times (UTC); index id."""
        query = {} if problem is None else {"problem_id": problem}
        return self._table("submissions", query, index="id")

    def submission(self, submission_id: str) -> dict[str, Any]:
        """One own submission with its code and cases, as the service sends it."""
        found: dict[str, Any] = self._get(f"submissions/{quote(str(submission_id), safe='')}")
        return found

    def draft(self, problem: str) -> str:
        """The newest saved code of a problem; its starter when nothing was saved."""
        return str(self._get(f"drafts/{quote(problem, safe='')}")["code"])

    def topics(self) -> pd.DataFrame:
        """Progress by topic: total, tried and solved; index topic."""
        return _frame(self._get("progress")["by_topic"], index="topic")

    def days(self) -> pd.DataFrame:
        """Submissions and accepted ones by day of the student's own calendar; index date."""
        return _frame(self._get("progress")["days"], index="date")

    def mastery(self) -> pd.DataFrame:
        """By topic: total, tried (and not solved), solved, and of those mastered; index topic.

        Mastered: remembered in a review, and expected to last for at least three more weeks.
        """
        return _frame(self._get("progress/learning")["by_topic"], index="topic")

    def solves(self) -> pd.DataFrame:
        """Solved problems, the first one first: solved_on, minutes, attempts before accept, hints, reviews, mastered.

        ``minutes`` are minutes at work: longer pauses are counted as five. Index problem_id.
        """
        return _frame(self._get("progress/learning")["solves"], index="problem_id", columns=_SOLVES)

    def retention(self) -> pd.DataFrame:
        """Reviews by month: how many, how many remembered, and the mean of the predicted chances; index month."""
        columns = ("month", "reviews", "remembered", "predicted")
        return _frame(self._get("progress/learning")["retention"], index="month", columns=columns)

    def reviews(self) -> pd.DataFrame:
        """The queue of reviews, the first due first: due_on, overdue, stability (days), chance; index problem."""
        rows = [{**row, "problem": row["problem"]["id"]} for row in self._rows("reviews", {"upcoming": "true"})]
        return _frame(rows, index="problem", columns=_REVIEWS)

    def ratings(self) -> pd.DataFrame:
        """Every rating given, newest first: rating, proposed, minutes, attempts, hints, elapsed (days), predicted."""
        return _frame(self._rows("ratings"), columns=_RATINGS)

    def weeks(self, count: int = 12) -> pd.DataFrame:
        """The last weeks: active days, goal, free days, and how the week stands; index start, a Monday."""
        return _frame(self._get("activity", {"weeks": str(count)})["weeks"], index="start")

    def _table(self, path: str, query: dict[str, str] | None = None, *, index: str) -> pd.DataFrame:
        return _frame(self._rows(path, query), index=index)

    def _rows(self, path: str, query: dict[str, str] | None = None) -> list[dict[str, Any]]:
        """Read a list to its end."""
        rows: list[dict[str, Any]] = []
        params: dict[str, str] = {**(query or {}), "limit": str(_PAGE)}
        while True:
            page = self._get(path, params)
            rows.extend(page["items"])
            if page["next"] is None:
                return rows
            params["cursor"] = page["next"]

    def _get(self, path: str, params: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = self._http.get(path, params=params)
        except httpx.HTTPError as error:
            raise NotConnectedError(
                f"the Greenroom service does not answer ({type(error).__name__}); try again"
            ) from error
        if answer.is_success:
            found: dict[str, Any] = answer.json()
            return found
        try:
            detail = str(answer.json()["detail"])
        except (ValueError, KeyError, TypeError):
            detail = f"the Greenroom service answered with status {answer.status_code}"
        raise RefusedError(answer.status_code, detail)


#: Columns of tables that may have no rows yet.
_SOLVES = (
    "problem_id",
    "title",
    "difficulty",
    "topics",
    "solved_at",
    "solved_on",
    "minutes",
    "attempts",
    "hints",
    "reviews",
    "stability",
    "mastered",
)
_REVIEWS = ("problem", "due_on", "overdue", "chance", "stability", "rating", "review_id")
_RATINGS = (
    "problem_id",
    "rated_on",
    "rating",
    "proposed",
    "minutes",
    "attempts",
    "hints",
    "elapsed",
    "predicted",
)


def _frame(rows: list[dict[str, Any]], *, index: str = "", columns: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Rows as a table with real times and days."""
    frame = pd.DataFrame(rows, columns=None if columns is None else list(columns))
    for column in frame.columns.intersection([*_MOMENTS, *_DAYS]):
        frame[column] = pd.to_datetime(frame[column], utc=column in _MOMENTS)
    return frame.set_index(index) if index in frame else frame
