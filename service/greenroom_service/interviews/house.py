"""House: what instructors and the deployment decided about the interviewer: switches, limits, kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from greenroom_service.classroom import queries as classroom
from greenroom_service.classroom.models import CohortRole
from greenroom_service.interviews.budgets import Limit
from greenroom_service.interviews.models import AiSwitch
from greenroom_service.interviews.phases import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.database import Database
    from greenroom_service.settings import Settings

_MICROS = 1_000_000
ALL_HINTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What counts for one person; of several cohorts the strictest."""

    enabled: bool = True
    kinds: frozenset[Kind] = frozenset(Kind)
    max_hints: int = ALL_HINTS


@dataclass(frozen=True, slots=True)
class SwitchBoard:
    """Reads switches and limits.

    Args:
        database: where switches are.
        settings: limits of the deployment.
    """

    database: Database
    settings: Settings

    def rules(self, user: str) -> Rules:
        """What a person may do with the interviewer."""
        with self.database.read() as session:
            switches = _switches(session, user)
        kinds = frozenset(Kind)
        for one in switches:
            kinds &= {Kind(kind) for kind in one.kinds["kinds"]}
        return Rules(
            enabled=all(one.enabled for one in switches),
            kinds=kinds,
            max_hints=min((one.max_hints for one in switches), default=ALL_HINTS),
        )

    def max_hints(self, user: str) -> int:
        """Most hints in one interview."""
        return self.rules(user).max_hints

    def limits(self, user: str) -> Sequence[Limit]:
        """Budgets that a call of this person counts against."""
        with self.database.read() as session:
            switches = _switches(session, user)
        own = [one.student_tokens for one in switches if one.student_tokens is not None]
        if self.settings.claude_user_tokens:
            own.append(self.settings.claude_user_tokens)
        found = [
            Limit("deployment", None, _micros(self.settings.claude_dollars)),
            Limit(f"user:{user}", min(own, default=None), _micros(self.settings.claude_user_dollars)),
        ]
        found += [Limit(f"cohort:{one.cohort_id}", one.cohort_tokens, one.cohort_micros) for one in switches]
        return found


def _micros(dollars: float) -> int | None:
    return round(dollars * _MICROS) if dollars else None


def _switches(session: Session, user: str) -> Sequence[AiSwitch]:
    """The switches of the cohorts in which a person is a student."""
    roles = classroom.memberships_of(session, user)
    studied = [cohort for cohort, role in roles.items() if role is CohortRole.STUDENT]
    query = sa.select(AiSwitch).where(AiSwitch.cohort_id.in_(studied)).order_by(AiSwitch.cohort_id)
    return session.execute(query).scalars().all()
