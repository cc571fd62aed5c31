"""Which Keystone vouches for callers, and as whom Corral asks it.

Rule: a password is a reference (an entry of clouds.yaml, an environment variable, a file). Nothing here prints one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corral.domain.errors import Invalid

_OPTIONS = frozenset(
    {"region_name", "interface", "cafile", "insecure", "www_authenticate_uri", "cache_seconds", "timeout"}
)
_CREDENTIALS = frozenset(
    {"auth_url", "username", "user_id", "user_domain_name", "user_domain_id"}
    | {"project_name", "project_id", "project_domain_name", "project_domain_id", "system_scope", "password"}
)


@dataclass(frozen=True, slots=True)
class KeystoneSettings:
    """What keystonemiddleware needs to know. `auth`: the options of the keystoneauth plugin `auth_type`.

    `cache_seconds`: how long a revoked token may still be believed; 0 asks Keystone at every request.
    `timeout`: seconds to wait for Keystone's connection and for its answer. `service_type`: what access rules of
    application credentials call this service; it is the type in the catalog."""

    auth: Mapping[str, Any] = field(repr=False)
    auth_type: str = "password"
    region_name: str | None = None
    interface: str = "public"
    cafile: str | None = None
    certfile: str | None = None
    keyfile: str | None = None
    insecure: bool = False
    www_authenticate_uri: str | None = None
    cache_seconds: int = 60
    timeout: int = 10
    service_type: str = "baremetal_compute"

    @property
    def auth_url(self) -> str:
        """Where Keystone is."""
        return str(self.auth["auth_url"])

    @property
    def public_url(self) -> str:
        """Where clients are sent to for a token."""
        return self.www_authenticate_uri or self.auth_url

    @classmethod
    def from_cloud(cls, cloud: str, **changes: Any) -> KeystoneSettings:
        """The settings of an entry of clouds.yaml, which openstacksdk finds where it always does. Raises Invalid."""
        from openstack import config, exceptions

        try:
            region = config.OpenStackConfig().get_one(cloud=cloud)
        except exceptions.ConfigException as exc:
            raise Invalid(
                f"Cloud {cloud} can't be used: {exc}", fix="Correct clouds.yaml or OS_CLIENT_CONFIG_FILE."
            ) from exc
        return _checked(cls(**{**_of_region(region.config), **changes}))

    @classmethod
    def from_mapping(cls, options: Mapping[str, Any]) -> KeystoneSettings:
        """Settings from a plain mapping: `cloud`, or else auth_url, username, password and what else the login needs.

        `password` is `env:NAME` or `file:PATH`. Raises Invalid."""
        rest = {key: value for key, value in options.items() if key not in _CREDENTIALS | {"cloud"}}
        if unknown := sorted(rest.keys() - _OPTIONS):
            raise Invalid(
                f"Keystone's settings have no {', '.join(unknown)}.", fix=f"Known are {', '.join(sorted(_OPTIONS))}."
            )
        if "cloud" in options:
            return cls.from_cloud(str(options["cloud"]), **rest)
        auth = {key: value for key, value in options.items() if key in _CREDENTIALS}
        return _checked(cls(auth={**auth, "password": secret(str(options.get("password", "")))}, **rest))


def secret(reference: str) -> str:
    """The secret that `env:NAME` or `file:PATH` refers to. Raises Invalid, without the reference if it could be a secret."""
    kind, _, where = reference.partition(":")
    if kind == "env" and where in os.environ:
        return os.environ[where]
    if kind == "file":
        return _file(Path(where))
    if kind == "env":
        raise Invalid(f"The environment has no variable {where}.", fix="Set it, then start again.")
    raise Invalid("Keystone's password is not a reference.", fix="Write `env:NAME` or `file:PATH`, or name a cloud.")


def _file(path: Path) -> str:
    try:
        return path.read_text().rstrip("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise Invalid(
            f"The secret in {path} can't be read: {type(exc).__name__}.", fix="Correct the path or its rights."
        ) from exc


def _of_region(region: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of clouds.yaml, with openstacksdk's defaults filled in, under our names."""
    return {
        "auth": dict(region.get("auth") or {}),
        "auth_type": region.get("auth_type") or "password",
        "region_name": region.get("region_name") or None,
        "interface": region.get("interface") or "public",
        "cafile": region.get("cacert"),
        "certfile": region.get("cert"),
        "keyfile": region.get("key"),
        "insecure": region.get("verify") is False,
    }


def _checked(settings: KeystoneSettings) -> KeystoneSettings:
    if not settings.auth.get("auth_url"):
        raise Invalid(
            "Keystone's settings have no auth_url.",
            fix="Say where Keystone is, as in https://cloud.example/identity/v3.",
        )
    return settings
