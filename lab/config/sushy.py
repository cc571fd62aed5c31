"""Configuration of the Redfish emulator: systems that exist only in its memory and files."""

from __future__ import annotations

from lab.ports import HOST
from lab.setup import Setup

SYSTEMS = 20


def system_uuid(number: int) -> str:
    """UUID of the system with this number, counted from 1."""
    return f"00000000-0000-4000-8000-{number:012x}"


def system_mac(number: int) -> str:
    return f"00:5c:52:00:{number >> 8:02x}:{number & 255:02x}"


def _system(number: int) -> dict[str, object]:
    return {
        "uuid": system_uuid(number),
        "name": f"rf-{number:03d}",
        "power_state": "On",
        "external_notifier": False,
        "nics": [{"mac": system_mac(number), "ip": f"172.22.{number >> 8}.{number & 255}"}],
    }


def text(setup: Setup) -> str:
    systems = ",\n    ".join(repr(_system(number)) for number in range(1, SYSTEMS + 1))
    return (
        f"SUSHY_EMULATOR_LISTEN_IP = {HOST!r}\n"
        f"SUSHY_EMULATOR_LISTEN_PORT = {setup.ports['sushy']}\n"
        "SUSHY_EMULATOR_FAKE_DRIVER = True\n"
        f"SUSHY_EMULATOR_STATE_DIR = {str(setup.places.data / 'sushy')!r}\n"
        f"SUSHY_EMULATOR_FAKE_SYSTEMS = [\n    {systems},\n]\n"
    )
