"""The caller of a request, however it was found out who that is.

Rule: a caller says who, never what they may do. `"admin" in caller.roles` outside this package is a mistake: an operator's
policy file could not change it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles that Corral's default rules know. Each may do all that the ones before it may."""

    READER = "reader"
    MEMBER = "member"
    ADMIN = "admin"


class Method(StrEnum):
    """What vouches for a caller."""

    KEYSTONE = "keystone"
    TOKEN = "token"  # noqa: S105 — the name of a method
    LOOPBACK = "loopback"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request. `user` and `project` are ids, names are for people; a system-scoped token has no project.

    `admin_project` is False only where Keystone is set up with an admin project and this is another one: an admin there is
    an admin of that project and not of the cloud.
    """

    user: str | None
    user_name: str | None
    project: str | None
    project_name: str | None
    roles: frozenset[str]
    system: bool
    request_id: str
    method: Method
    admin_project: bool = True

    def described(self) -> str:
        """The caller in words, for messages to that caller: who, with which roles, where."""
        roles = ", ".join(sorted(self.roles)) or "no role"
        scope = "the whole system" if self.system else f"project {self.project_name or self.project or '(none)'}"
        return f"{self.user_name or self.user or 'unknown'} ({roles} in {scope})"


def new_request_id() -> str:
    """An id for one request, in the form that OpenStack's services and their logs use."""
    return f"req-{uuid.uuid4()}"
