"""The names that storage gives a disk, as its paths under /dev tell them: page 0x83, WWPN and LUN, IQN and LUN, RBD image, serial.

Rule: pure. Only names that udev and libvirt form by rule are read; a partition is not the disk that it is on.
"""

from __future__ import annotations

import re

Name = tuple[str, str]
"""`("wwn", W)` without prefix; `("wwpn", "PORT/LUN")` of the array's port; `("iscsi", "IQN/LUN")`; `("rbd", "POOL/IMAGE")`;
`("serial", S)`."""

_WWN = re.compile(r"(?:naa\.|eui\.|0x|3(?=(?:[0-9a-f]{16}|[0-9a-f]{32})$))?([0-9a-f]{16}|[0-9a-f]{32})")
_PARTITION = re.compile(r".*(?:-part\d+|/(?:sd[a-z]+|vd[a-z]+)\d+|\dp\d+)$")
_LUN = r"lun-(0x[0-9a-f]{1,16}|\d{1,10})"
_ISCSI = re.compile(rf".*-iscsi-(iqn\..+|eui\..+|naa\..+)-{_LUN}$", re.IGNORECASE)
_FC = re.compile(rf".*[-/]fc-(?:0x[0-9a-f]{{16}}-)?0x([0-9a-f]{{16}})-{_LUN}$", re.IGNORECASE)
_BY_WWN = re.compile(
    r"/dev/(?:disk/by-id/(?:wwn-0x|scsi-3|dm-uuid-mpath-3|nvme-eui\.)|mapper/3)([0-9a-f]+)", re.IGNORECASE
)
_WWPN = re.compile(r"(?:0x)?([0-9a-f]{16})/(\d{1,5})")
_RBD = re.compile(r"/dev/rbd/([^/]+(?:/[^/]+)?/[^/]+)")
_SERIAL = re.compile(r"/dev/disk/by-id/(?:ata|nvme|scsi-S)[^/]*_([^/_]{8,})")
_DIRECT = re.compile(r"/dev/(?:[a-z]+[0-9a-z]*|nvme\d+n\d+|dm-\d+|disk/by-[a-z]+/.+|mapper/[^/]+)")


def names_in(path: str) -> tuple[Name, ...]:
    """The names that a path of a device tells, () for one that tells none."""
    if not path.startswith("/dev/") or _PARTITION.fullmatch(path):
        return ()
    found = [("wwn", plain_wwn(told[1])) for told in [_BY_WWN.fullmatch(path)] if told]
    found += [("iscsi", f"{told[1]}/{_lun(told[2])}") for told in [_ISCSI.fullmatch(path)] if told]
    found += [("wwpn", f"{told[1].lower()}/{_lun(told[2])}") for told in [_FC.fullmatch(path)] if told]
    found += [("rbd", told[1]) for told in [_RBD.fullmatch(path)] if told]
    found += [("serial", told[1]) for told in [_SERIAL.fullmatch(path)] if told]
    return tuple(name for name in found if name[1])


def is_device(path: str) -> bool:
    """Whether it is a whole device that a host's list of its devices may know under other names."""
    return _DIRECT.fullmatch(path) is not None and _PARTITION.fullmatch(path) is None


def plain_wwn(text: str) -> str:
    """A WWN or page 0x83 id without its prefix, in lower case; "" for what is none."""
    found = _WWN.fullmatch(text.lower().replace(":", ""))
    return found[1] if found else ""


def iscsi_name(text: str) -> str:
    """`IQN/LUN` of what names a target with or without a LUN, which is 0 then."""
    return text if not text or "/" in text else f"{text}/0"


def wwpn_name(text: str) -> str:
    """`PORT/LUN` of an array's port and a LUN behind it, however the port is written; "" for what is none."""
    found = _WWPN.fullmatch(text.lower().replace(":", ""))
    return f"{found[1]}/{found[2]}" if found else ""


def _lun(text: str) -> str:
    """The number. udev writes those above 255 as SCSI does: with flat addressing the first two bytes tell it."""
    if not text.lower().startswith("0x"):
        return str(int(text))
    number = int(text, 16)
    return str((number >> 48) & 0x3FFF) if number >> 48 else str(number)
