"""Who may ask: accounts, roles, sessions, and what each role may do."""

from __future__ import annotations

import base64
import binascii
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.pod.hardware import ROOT
from lab.pod.messages import Failed
from lab.pod.parts import Json, collection, resource

ROLES = {
    "Administrator": ["Login", "ConfigureManager", "ConfigureUsers", "ConfigureComponents", "ConfigureSelf"],
    "Operator": ["Login", "ConfigureComponents", "ConfigureSelf"],
    "ReadOnly": ["Login", "ConfigureSelf"],
}
_LEAST, _MOST = 8, 64
_ACCOUNTS, _SESSIONS = f"{ROOT}/AccountService/Accounts", f"{ROOT}/SessionService/Sessions"


@dataclass
class Account:
    """`id` stays; name, password and role may change."""

    id: str
    name: str
    password: str = field(repr=False)
    role: str = "Administrator"
    enabled: bool = True

    @property
    def path(self) -> str:
        return f"{_ACCOUNTS}/{self.id}"

    def may(self, privilege: str) -> bool:
        return privilege in ROLES[self.role]


@dataclass(frozen=True)
class Session:
    """A login, by its token."""

    id: str
    account: str
    token: str = field(repr=False)


class Access:
    """Accounts and sessions of a pod."""

    def __init__(self, name: str, password: str) -> None:
        self.accounts = {"1": Account("1", name, password)}
        self.sessions: dict[str, Session] = {}

    def who(self, headers: Mapping[str, str]) -> Account | None:
        """The account that a request comes from. A token counts before a password."""
        if (token := headers.get("x-auth-token")) is not None:
            for session in self.sessions.values():
                if secrets.compare_digest(session.token.encode(), token.encode()):
                    return self.accounts.get(session.account)
            return None
        kind, _, text = headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return self._login(name, password)

    def log_in(self, body: Mapping[str, Any]) -> Session:
        for key in ("UserName", "Password"):
            if not isinstance(body.get(key), str):
                raise Failed(400, "PropertyMissing", key)
        account = self._login(body["UserName"], body["Password"])
        if account is None:
            raise Failed(401, "NoValidSession")
        session = Session(uuid.uuid4().hex[:12], account.id, secrets.token_hex(24))
        self.sessions[session.id] = session
        return session

    def forget(self) -> None:
        """End every session, as a restart of a service does."""
        self.sessions.clear()

    def add(self, body: Mapping[str, Any]) -> Account:
        for key in ("UserName", "Password", "RoleId"):
            if key not in body:
                raise Failed(400, "PropertyMissing", key)
        if any(one.name == body["UserName"] for one in self.accounts.values()):
            raise Failed(400, "ResourceAlreadyExists", "ManagerAccount", "UserName", str(body["UserName"]))
        account = Account(str(max(map(int, self.accounts)) + 1), "", "", "ReadOnly")
        self.change(account, body)
        self.accounts[account.id] = account
        return account

    def change(self, account: Account, body: Mapping[str, Any]) -> None:
        """Set what is given: all of it is valid, or nothing is changed."""
        for key, kind in (("UserName", str), ("Password", str), ("RoleId", str), ("Enabled", bool)):
            if key in body and not isinstance(body[key], kind):
                raise Failed(400, "PropertyValueTypeError", "***" if key == "Password" else str(body[key]), key)
        if "RoleId" in body and body["RoleId"] not in ROLES:
            raise Failed(400, "PropertyValueNotInList", body["RoleId"], "RoleId")
        if "Password" in body and not _LEAST <= len(body["Password"]) <= _MOST:
            raise Failed(400, "PropertyValueTypeError", "***", "Password")
        account.name, account.password = body.get("UserName", account.name), body.get("Password", account.password)
        account.role, account.enabled = body.get("RoleId", account.role), body.get("Enabled", account.enabled)

    def remove(self, account: Account) -> None:
        self.accounts.pop(account.id)
        self.sessions = {key: one for key, one in self.sessions.items() if one.account != account.id}

    def at(self, path: str) -> Json | None:
        """The resource at a path of the account and session services."""
        match tuple(path.removeprefix(f"{ROOT}/").split("/")):
            case ("SessionService",):
                return _session_service()
            case ("SessionService", "Sessions"):
                return collection(_SESSIONS, "SessionCollection", [f"{_SESSIONS}/{key}" for key in self.sessions])
            case ("SessionService", "Sessions", key) if key in self.sessions:
                return self.session(self.sessions[key])
            case ("AccountService",):
                return _account_service()
            case ("AccountService", "Accounts"):
                return collection(_ACCOUNTS, "ManagerAccountCollection", [a.path for a in self.accounts.values()])
            case ("AccountService", "Accounts", key) if key in self.accounts:
                return _account(self.accounts[key])
            case ("AccountService", "Roles"):
                path = f"{ROOT}/AccountService/Roles"
                return collection(path, "RoleCollection", [f"{path}/{role}" for role in ROLES])
            case ("AccountService", "Roles", role) if role in ROLES:
                return _role(role)
        return None

    def session(self, one: Session) -> Json:
        account = self.accounts.get(one.account)
        name = account.name if account else ""
        path = f"{_SESSIONS}/{one.id}"
        return resource(path, "Session.v1_7_0.Session", "User Session", UserName=name, Password=None)

    def _login(self, name: str, password: str) -> Account | None:
        for account in self.accounts.values():
            if account.enabled and account.name == name:
                return account if secrets.compare_digest(account.password.encode(), password.encode()) else None
        return None


def _session_service() -> Json:
    path = f"{ROOT}/SessionService"
    return resource(
        path,
        "SessionService.v1_1_9.SessionService",
        "Session Service",
        Status={"State": "Enabled", "Health": "OK"},
        ServiceEnabled=True,
        SessionTimeout=1800,
        Sessions={"@odata.id": f"{path}/Sessions"},
    )


def _account_service() -> Json:
    path = f"{ROOT}/AccountService"
    return resource(
        path,
        "AccountService.v1_15_1.AccountService",
        "Account Service",
        Status={"State": "Enabled", "Health": "OK"},
        ServiceEnabled=True,
        MinPasswordLength=_LEAST,
        MaxPasswordLength=_MOST,
        Accounts={"@odata.id": f"{path}/Accounts"},
        Roles={"@odata.id": f"{path}/Roles"},
    )


def _account(one: Account) -> Json:
    return resource(
        one.path,
        "ManagerAccount.v1_12_1.ManagerAccount",
        "User Account",
        UserName=one.name,
        Password=None,
        RoleId=one.role,
        Enabled=one.enabled,
        Locked=False,
        AccountTypes=["Redfish"],
        Links={"Role": {"@odata.id": f"{ROOT}/AccountService/Roles/{one.role}"}},
    )


def _role(role: str) -> Json:
    path = f"{ROOT}/AccountService/Roles/{role}"
    return resource(
        path, "Role.v1_3_2.Role", f"{role} Role", RoleId=role, IsPredefined=True, AssignedPrivileges=ROLES[role]
    )
