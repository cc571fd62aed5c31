"""The settings of a vSphere source, read strictly: an option that is misspelt must not be silently ignored.

Why there is no option that turns the check of the certificate off: the password goes over that connection.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corral.domain.errors import Invalid
from corral.drivers.option_values import Reader, number, read, wrong

_HOST = re.compile(r"[0-9A-Za-z]([0-9A-Za-z.-]{0,251}[0-9A-Za-z])?|(?=.*:.*:)[0-9A-Fa-f:.]{2,45}")
_LONGEST_PASSWORD = 1024


@dataclass(frozen=True, slots=True)
class Options:
    """`host`, `port`: where the vCenter is. `user`: who looks; a read-only role is enough. Its password is in the file
    `password_file` or in the environment variable `password_env`; one of them must be given. `ca_file`: a file of CAs to check the
    certificate with, instead of those of the system. `thumbprint`: the certificate's SHA-256, instead of any CA. `timeout`: seconds
    of silence after which it is left alone. `longest`: seconds that one look may take in all. `page`: how many objects are asked
    for at a time. `refresh`: seconds after which a VM is read again though nothing said that it had changed."""

    host: str
    user: str
    port: int = 443
    password_file: str | None = None
    password_env: str | None = None
    ca_file: str | None = None
    thumbprint: str | None = None
    timeout: float = 30.0
    longest: float = 600.0
    page: int = 250
    refresh: float = 900.0

    @property
    def address(self) -> str:
        """What it is called in messages."""
        return self.host if self.port == 443 else f"{self.host}:{self.port}"

    def password(self) -> str:
        """Read each time: a password that was rotated must not need a restart. Raises Invalid."""
        if self.password_env:
            found = os.environ.get(self.password_env, "")
            where = f"the environment variable {self.password_env}"
        else:
            found, where = _first_line(Path(self.password_file or "")), f"{self.password_file}"
        if not found:
            raise Invalid(f"There is no password in {where}.", fix="Put it there, on one line.")
        return found


def read_options(given: Mapping[str, Any]) -> Options:
    """Raises Invalid, naming the option, for anything unknown, missing or of the wrong kind."""
    values = read(given, _READERS)
    for key in ("host", "user"):
        if key not in values:
            raise Invalid(f"The source's option '{key}' is missing.")
    if ("password_file" in values) == ("password_env" in values):
        raise Invalid("The source needs one of the options 'password_file' and 'password_env', and only one.")
    if "ca_file" in values and "thumbprint" in values:
        raise Invalid(
            "The source's options 'ca_file' and 'thumbprint' exclude each other.", fix="Leave one of them out."
        )
    return Options(**values)


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as stream:
            return stream.readline(_LONGEST_PASSWORD).rstrip("\r\n")
    except (OSError, UnicodeError) as exc:
        raise Invalid(f"The password can't be read from {path}.", fix="Look at the file's name and rights.") from exc


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 255 or not value.isprintable():
        raise wrong(key, "a text of 1 to 255 characters")
    return value


def _host(key: str, value: Any) -> str:
    if not isinstance(value, str) or _HOST.fullmatch(value) is None:
        raise wrong(key, "the name or address of a vCenter, without a scheme, a port or a path")
    return value


def _file(key: str, value: Any) -> str:
    if not os.path.isfile(text := _text(key, value)):
        raise Invalid(f"The source's option '{key}' names {text!r}, which is no file.")
    return text


def _thumbprint(key: str, value: Any) -> str:
    digits = value.replace(":", "").lower() if isinstance(value, str) else ""
    if re.fullmatch(r"[0-9a-f]{64}", digits) is None:
        raise wrong(key, "a SHA-256 thumbprint: 64 hexadecimal digits, with or without colons")
    return digits


_READERS: dict[str, Reader] = {
    "host": _host,
    "port": number(int, 1, 65_535),
    "user": _text,
    "password_file": _file,
    "password_env": _text,
    "ca_file": _file,
    "thumbprint": _thumbprint,
    "timeout": number(float, 0.1, 600),
    "longest": number(float, 1, 86_400),
    "page": number(int, 1, 5000),
    "refresh": number(float, 0, 86_400),
}
