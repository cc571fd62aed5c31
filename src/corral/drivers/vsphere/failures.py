"""What a failure on the way to a vCenter means, whether pyVmomi, TLS or HTTP raised it.

Rule: whoever calls gets Unreachable or DriverFailed, in words; Gone is for the session, which may be opened once more.
"""

from __future__ import annotations

import ssl
from http.client import HTTPException
from typing import Any

from pyVmomi import vim, vmodl

from corral.domain.errors import CorralError, DriverFailed, Unreachable
from corral.drivers.vsphere.options import Options

_LONGEST_WORDS = 300
_LOOK = "Look whether that is a vCenter, and at what stands between it and here."


class Gone(Exception):
    """The session or the connection is lost, or the inventory changed while it was read."""


class Strange(Exception):
    """The answer is not what is taken."""


class WrongCertificate(Exception):
    """The certificate is another one than the thumbprint says; has the thumbprint of the one that came."""


def translated(exc: Exception, options: Options, method: str) -> Exception:
    """What a failure of the library means."""
    if isinstance(exc, CorralError | Gone):
        return exc
    if isinstance(exc, vmodl.MethodFault):
        return _fault(exc, options, method)
    if isinstance(exc, OSError | WrongCertificate):
        return _lost(exc, options)
    where = f"vCenter {options.address}"
    if isinstance(exc, HTTPException):
        fix = "Look whether that is the address of a vCenter, and whether it works."
        return DriverFailed(f"{where} answers with HTTP {words(exc)} to {method}.", fix=fix)
    what = str(exc) if isinstance(exc, Strange) else f"{type(exc).__name__}: {words(exc)}"
    return DriverFailed(f"The answer of {where} to {method} can't be read: {what}.", fix=_LOOK)


def _fault(exc: Any, options: Options, method: str) -> Exception:
    said = words(exc)
    if isinstance(exc, vim.fault.InvalidLogin):
        return DriverFailed(
            f"vCenter {options.address} refuses the login of {options.user}: the name or the password is wrong.",
            fix="Correct it; several wrong ones may lock the user.",
        )
    if isinstance(exc, vim.fault.NotAuthenticated | vmodl.fault.ManagedObjectNotFound):
        return Gone(said)
    if isinstance(exc, vim.fault.NoPermission):
        return DriverFailed(
            f"{options.user} lacks the privilege {str(exc.privilegeId)[:80]} at vCenter {options.address}.",
            fix="Looking needs the role Read-only on the vCenter, with its children; marking and switching need more "
            "(docs/how-to/prepare-hypervisors.md).",
        )
    return DriverFailed(
        f"{method} failed at vCenter {options.address}: {type(exc).__name__.rpartition('.')[2]}: {said}.", fix=_LOOK
    )


def _lost(exc: Exception, options: Options) -> Exception:
    where = f"vCenter {options.address}"
    if isinstance(exc, WrongCertificate):
        return Unreachable(
            f"{where} has another certificate than expected: its SHA-256 is {exc}. Nothing was sent to it.",
            fix="If the certificate was renewed, set the new thumbprint, after comparing it with what stands at the vCenter.",
        )
    if isinstance(exc, ssl.SSLCertVerificationError):
        return Unreachable(
            f"The certificate of {where} is not trusted: {exc.verify_message}. Nothing was sent to it.",
            fix="Give the CA's file (a vCenter offers it at https://VCENTER/certs/download.zip), or the thumbprint.",
        )
    if isinstance(exc, ssl.SSLError):
        return Unreachable(f"{where} does not speak TLS: {words(exc)}.", fix="Look at its address and port.")
    if isinstance(exc, TimeoutError):
        return Unreachable(f"{where} did not answer in time.", fix="Look at it and at the way to it, then try again.")
    if isinstance(exc, ConnectionError) and not isinstance(exc, ConnectionRefusedError):
        return Gone(words(exc))
    return Unreachable(f"{where} can't be reached: {words(exc)}.", fix="Look at its address and at the way to it.")


def words(exc: Any) -> str:
    """What an error says, on one line and not too long."""
    said = getattr(exc, "msg", None) or getattr(exc, "strerror", None) or str(exc) or type(exc).__name__
    return " ".join(str(said).split())[:_LONGEST_WORDS].rstrip(".")
