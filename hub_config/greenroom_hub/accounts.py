"""Accounts: NativeAuthenticator with the edges that a class of students finds."""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import TYPE_CHECKING, Any

import bcrypt
from jupyterhub import orm
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.orm import UserInfo
from traitlets import Unicode

from greenroom_hub.roles import Group

if TYPE_CHECKING:
    from jupyterhub.handlers import BaseHandler
    from jupyterhub.user import User

#: The account that the first start makes.
FIRST_ADMIN = "admin"
#: Letters that nobody confuses when reading a password aloud.
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
#: bcrypt reads no more than this many bytes of a password, and refuses longer ones.
LONGEST_PASSWORD = 72
#: A user's name is also the name of a folder, of a URL path and of an account in the box.
NAME = r"[a-z0-9][a-z0-9._-]{0,31}"
#: Compared against when there is no such account, so that the time of an answer does not tell which names exist.
_NOBODY = bcrypt.hashpw(secrets.token_bytes(16), bcrypt.gensalt())


def new_password() -> str:
    """Return a password of 20 letters and digits in groups of five, from the system's randomness."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def hash_password(password: str) -> str:
    """Return the bcrypt hash of *password* as text."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


def fits(password: str) -> bool:
    """Say whether bcrypt can hash all of *password*."""
    return len(password.encode()) <= LONGEST_PASSWORD and "\0" not in password


def matches(password: str, hashed: bytes) -> bool:
    """Say whether *password* hashes to *hashed*; takes a few hundred milliseconds of CPU on purpose."""
    return fits(password) and bcrypt.checkpw(password.encode(), hashed)


class GreenroomAuthenticator(NativeAuthenticator):  # type: ignore[misc] # the package has no types
    """Sign-up is open; whoever signs up is a student."""

    first_admin_hash = Unicode(
        config=True, help="bcrypt hash of the password of the account `admin`, which is made when it is missing."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.first_admin_hash and self.get_user(FIRST_ADMIN) is None:
            self.db.add(UserInfo(username=FIRST_ADMIN, password=self.first_admin_hash.encode(), is_authorized=True))
            self.db.commit()

    def validate_username(self, username: str) -> bool:
        """Accept names that are safe as a folder, a URL path and an account, whole and in lower case."""
        return re.fullmatch(NAME, username) is not None and bool(super().validate_username(username))

    def is_password_strong(self, password: str) -> bool:
        """Refuse what bcrypt cannot hash as well as what is too short."""
        return fits(password) and bool(super().is_password_strong(password))

    async def authenticate(self, handler: BaseHandler, data: dict[str, str]) -> str | None:
        """Return the name of the user whose password *data* holds, None otherwise.

        The hash is computed in a thread: a whole class that signs in at once must not stop the Hub for everybody.
        """
        del handler
        name = self.normalize_username(data.get("username", ""))
        account = self.get_user(name)
        if self.allowed_failed_logins and self.is_blocked(name):
            return None
        known = account is not None and bool(account.is_authorized)
        right = await asyncio.to_thread(matches, data.get("password", ""), account.password if known else _NOBODY)
        if known and right:
            self.successful_login(name)
            return str(name)
        self.add_login_attempt(name)
        return None

    def add_user(self, user: User) -> None:
        """Put a user who is in none of Greenroom's groups among the students; called at each start for all."""
        super().add_user(user)
        account = getattr(user, "orm_user", user)  # at a start of the Hub it is the row itself
        groups = {group.name for group in account.groups}
        if groups.isdisjoint(group.value for group in Group) and user.name != FIRST_ADMIN:
            students = orm.Group.find(self.db, Group.STUDENT.value)
            if students is None:
                students = orm.Group(name=Group.STUDENT.value)
                self.db.add(students)
            students.users.append(account)
            self.db.commit()
