"""Who may do what: Hub groups, custom scopes and roles, as JupyterHub's configuration wants them.

A scope is what a token may do; the service decides per row on top of it. Staff scopes include those below them, so
that an instructor can try a problem as a student would.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

SERVICE = "greenroom"
ACCESS = f"access:services!service={SERVICE}"


class Group(StrEnum):
    """The Hub groups that carry Greenroom's roles, least first."""

    STUDENT = "student"
    ASSISTANT = "assistant"
    INSTRUCTOR = "instructor"
    ADMIN = "admin"


class Scope(StrEnum):
    """Greenroom's own scopes, least first."""

    SUBMIT = "custom:greenroom:submit"
    ASSIST = "custom:greenroom:assist"
    TEACH = "custom:greenroom:teach"
    ADMIN = "custom:greenroom:admin"


#: The scope that each group carries.
SCOPE_OF = {
    Group.STUDENT: Scope.SUBMIT,
    Group.ASSISTANT: Scope.ASSIST,
    Group.INSTRUCTOR: Scope.TEACH,
    Group.ADMIN: Scope.ADMIN,
}

_MEANING = {
    Scope.SUBMIT: "Submit, and read one's own submissions, drafts and progress",
    Scope.ASSIST: "See the work of the cohorts that one assists",
    Scope.TEACH: "Run the cohorts that one teaches",
    Scope.ADMIN: "Run every cohort of this deployment",
}

#: What the administrators' group may do at the Hub itself.
_ADMINISTRATION = ["admin-ui", "admin:users", "admin:groups", "list:services", "read:hub", "servers"]


def custom_scopes() -> dict[str, dict[str, Any]]:
    """Return the definitions of Greenroom's scopes; each includes the one before it."""
    scopes: dict[str, dict[str, Any]] = {}
    below: Scope | None = None
    for scope in Scope:
        scopes[scope.value] = {"description": _MEANING[scope]} | ({"subscopes": [below.value]} if below else {})
        below = scope
    return scopes


def load_groups(admins: tuple[str, ...]) -> dict[str, dict[str, list[str]]]:
    """Return the groups to make when the Hub starts; members already there stay."""
    return {group.value: {"users": list(admins) if group is Group.ADMIN else []} for group in Group}


def load_roles() -> list[dict[str, Any]]:
    """Return the roles of users, groups and services."""
    groups = [
        {
            "name": f"greenroom-{group.value}",
            "description": _MEANING[scope],
            "groups": [group.value],
            "scopes": [scope.value, *(_ADMINISTRATION if group is Group.ADMIN else [])],
        }
        for group, scope in SCOPE_OF.items()
    ]
    return [
        {"name": "user", "scopes": ["self", ACCESS]},
        *groups,
        {
            "name": "greenroom-service",
            "services": [SERVICE],
            "scopes": ["list:users", "read:users:name", "read:users:groups"],
        },
        {
            "name": "idle-culler",
            "services": ["idle-culler"],
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        },
    ]


def service_client_scopes() -> list[str]:
    """Return what a login to the service's pages may carry: all of Greenroom's scopes that the user holds."""
    return [ACCESS, *(scope.value for scope in Scope)]


def server_token_scopes() -> list[str]:
    """Return what the token inside a single-user server may do, as far as its owner may.

    The administrators' scope is missing on purpose: every kernel of the server can read this token.
    """
    own = ["users:activity!user", "access:servers!server", ACCESS]
    return [*own, Scope.SUBMIT.value, Scope.ASSIST.value, Scope.TEACH.value]


def page_token_scopes() -> list[str]:
    """Return what the token in a Lab page may do: nothing, since everybody who opens a shared server receives it."""
    return []
