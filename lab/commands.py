"""Running the lab's tools: their environment, and their output when they fail.

Role: every short-lived command of the lab goes through `run`, which keeps the output in logs/ and turns a failure into
a LabError with its last lines.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from lab.errors import LabError
from lab.places import CHECKOUT, Places
from lab.processes import tail

INSIDE = CHECKOUT / "lab" / "inside"
# The caller's own OpenStack login or Python settings must not leak into the lab.
FOREIGN = ("OS_", "PYTHON", "VIRTUAL_ENV", "PIP_REQUIRE")


def environment(places: Places) -> dict[str, str]:
    """Environment of the lab's tools and services."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    return kept | {
        "PATH": f"{places.venv / 'bin'}:{os.environ.get('PATH', '/usr/sbin:/usr/bin:/sbin:/bin')}",
        "PYTHONPATH": str(CHECKOUT / "lab" / "plugins"),
        "PYTHONWARNINGS": "ignore",
        "OS_CLIENT_CONFIG_FILE": str(places.clouds),
        "OS_KEYSTONE_CONFIG_DIR": str(places.etc / "keystone"),
        "OS_GLANCE_CONFIG_DIR": str(places.etc / "glance"),
        "OS_NEUTRON_CONFIG_DIR": str(places.etc / "neutron"),
    }


def script(places: Places, name: str, *args: str) -> list[str]:
    """Command line of a script in lab/inside. -P keeps its folder off sys.path, where it could shadow a module."""
    return [str(places.python), "-P", str(INSIDE / name), *args]


def run(places: Places, argv: Sequence[str], log_name: str, seconds: float = 300) -> None:
    """Run a command to its end; its output is added to logs/<log_name>.log."""
    log = places.logs / f"{log_name}.log"
    with log.open("ab") as out:
        try:
            done = subprocess.run(
                argv,
                env=environment(places),
                cwd=places.data,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except FileNotFoundError as error:
            raise LabError(f"{argv[0]} is missing", "python -m lab install") from error
        except subprocess.TimeoutExpired as error:
            raise LabError(f"{argv[0]} took more than {seconds:.0f} s", f"read {log}", tail(log)) from error
    if done.returncode:
        raise LabError(f"{' '.join(argv[:3])} failed with {done.returncode}", f"read {log}", tail(log))
