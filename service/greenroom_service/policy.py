"""Policy: who may see and do what. The only place that decides it; routes ask, and queries take the filter from here.

========================  =========================================================================
a student                 everything of their own, nothing of anybody else
an assistant              reads submissions and progress of the students in cohorts where they assist
an instructor             the same in cohorts where they teach, and changes those cohorts
an admin                  everything, except that a draft belongs to its student alone
========================  =========================================================================

Problems of a contest that has not begun exist for nobody but the staff of its cohort and admins; behind a freeze the
same people see the whole board, and everybody else sees the frozen one.

The Hub says what a person may be at most, a membership says what they are in one cohort; the lesser of the two counts.
What a caller may not see does not exist for them (404); what they may see and not do is forbidden (403).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_service.classroom import queries as classroom
from greenroom_service.classroom.models import CohortRole
from greenroom_service.errors import ForbiddenError, NotFoundError
from greenroom_service.identity import Principal, Role

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Mapping

    from sqlalchemy.orm import Session
    from sqlalchemy.sql.elements import ColumnElement

_CEILING = {
    Role.STUDENT: frozenset({CohortRole.STUDENT}),
    Role.ASSISTANT: frozenset({CohortRole.STUDENT, CohortRole.ASSISTANT}),
    Role.INSTRUCTOR: frozenset(CohortRole),
    Role.ADMIN: frozenset(CohortRole),
}
_STAFF = frozenset({CohortRole.ASSISTANT, CohortRole.INSTRUCTOR})


@dataclass(frozen=True, slots=True)
class Access:
    """What one caller may do, decided from who they are and which cohorts they are in."""

    principal: Principal
    memberships: Mapping[uuid.UUID, CohortRole]

    @property
    def is_admin(self) -> bool:
        """Whether this is an admin."""
        return self.principal.role is Role.ADMIN

    def role_in(self, cohort: uuid.UUID) -> CohortRole | None:
        """What the caller is in a cohort: the lesser of the membership and the Hub's role; None outside of it."""
        if self.is_admin:
            return CohortRole.INSTRUCTOR
        member_as = self.memberships.get(cohort)
        if member_as is None or member_as in _CEILING[self.principal.role]:
            return member_as
        return CohortRole.ASSISTANT if self.principal.role is Role.ASSISTANT else CohortRole.STUDENT

    def staffed(self) -> tuple[uuid.UUID, ...]:
        """The cohorts that the caller assists or teaches."""
        return tuple(cohort for cohort in self.memberships if self.role_in(cohort) in _STAFF)

    def is_staff_of(self, cohort: uuid.UUID) -> bool:
        """Whether the caller assists or teaches a cohort."""
        return self.role_in(cohort) in _STAFF

    def sees_coming_contests_of(self) -> frozenset[uuid.UUID] | None:
        """The cohorts whose contests' problems the caller may know before they begin; None for all."""
        return None if self.is_admin else frozenset(self.staffed())

    def require_member(self, cohort: uuid.UUID) -> CohortRole:
        """The caller's role; NotFoundError outside of the cohort."""
        role = self.role_in(cohort)
        if role is None:
            raise NotFoundError("There is no such cohort, or you are not in it.")
        return role

    def require_staff(self, cohort: uuid.UUID) -> None:
        """NotFoundError outside of the cohort, ForbiddenError for its students."""
        if self.require_member(cohort) not in _STAFF:
            raise ForbiddenError("Only assistants and instructors of this cohort may see this.")

    def require_instructor(self, cohort: uuid.UUID) -> None:
        """NotFoundError outside of the cohort, ForbiddenError for all but its instructors."""
        if self.require_member(cohort) is not CohortRole.INSTRUCTOR:
            raise ForbiddenError("Only instructors of this cohort may change it. Ask one of them.")

    def require_role(self, role: Role) -> None:
        """ForbiddenError for everybody below a role."""
        if self.principal.role < role:
            raise ForbiddenError(f"This needs the role {role.name.lower()}. Ask an admin for it.")

    def require_may_ask_for(self, user: str) -> None:
        """ForbiddenError when a student asks for another's rows; staff get what visible() lets through."""
        if user != self.principal.name and not self.is_admin and not self.staffed():
            raise ForbiddenError("You may only read your own submissions. Leave `user` and `cohort` out.")

    def visible(self, owner: ColumnElement[str] | Any) -> ColumnElement[bool]:
        """The rows that the caller may read, given the column that says whose they are."""
        if self.is_admin:
            return sa.true()
        own = owner == self.principal.name
        staffed = self.staffed()
        return sa.or_(own, owner.in_(classroom.students_of(staffed))) if staffed else own


def access_of(session: Session, principal: Principal) -> Access:
    """What a caller may do now."""
    return Access(principal, classroom.memberships_of(session, principal.name))


def hints_allowed(session: Session, user: str, problem_id: str, moment: dt.datetime) -> bool:
    """Whether a student may open hints of a problem: not while an assignment that holds it switches them off."""
    return all(due.hints for due in classroom.due_for(session, user, moment) if problem_id in due.problems)
