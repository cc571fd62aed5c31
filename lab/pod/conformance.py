"""What DMTF's own validators say of a pod.

Role: installs each in a virtual environment of its own, runs it over a pod that something is composed and reserved in, and counts.
The service validator needs DMTF's schemas, which it would download: `schemas-2025.4.tar.xz` has those of the folder `csdl` of
https://github.com/DMTF/Redfish-Publications at 2025.4, unchanged, with their licence (BSD, 3 clauses).
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from lab.alone import alone
from lab.errors import LabError
from lab.install import digest
from lab.places import Places
from lab.pod.running import PASSWORD, RunningPod
from lab.processes import tail

HERE = Path(__file__).resolve().parent
_SCHEMAS = HERE / "schemas-2025.4.tar.xz"
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
_COUNTS = re.compile(r"\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|")


@dataclass(frozen=True)
class Verdict:
    """How many checks came out how; `complaints`: what failed or was warned of, in the validator's words."""

    passed: int
    warned: int
    failed: int
    complaints: tuple[str, ...]


def schemas(folder: Path) -> Path:
    """DMTF's schemas, unpacked below that folder."""
    with tarfile.open(_SCHEMAS) as packed:
        packed.extractall(folder / "schemas", filter="data")
    return folder / "schemas"


def check_service(places: Places, pod: RunningPod, folder: Path) -> Verdict:
    """`rf_service_validator`: every resource against its schema."""
    files = str(schemas(folder))
    login = ["--user", pod.username, "--password", PASSWORD, "--authtype", "Session"]
    log = _run(
        places,
        "service",
        folder,
        ["--rhost", pod.url, *login, "--schema_directory", files, "--logdir", "logs", "--skipschema"],
    )
    counts = _COUNTS.search(log)
    if counts is None:
        raise LabError("rf_service_validator came to no verdict", "read its log", log[-2000:])
    passed, warned, failed, _ = map(int, counts.groups())
    debug = "\n".join(one.read_text("utf-8") for one in folder.glob("logs/*/*Debug*.log"))
    return Verdict(passed, warned, failed, tuple(re.findall(r"(?:ERROR - FAIL|WARN(?:ING)? - WARN) - (.*)", debug)))


def check_protocol(places: Places, pod: RunningPod, folder: Path) -> Verdict:
    """`rf_protocol_validator`: HTTP, sessions, accounts, events."""
    trust = ["--ca-bundle", pod.ca] if pod.ca else []
    login = ["--user", pod.username, "--password", PASSWORD]
    reports = ["--report-dir", "reports", "--report-type", "tsv", "--avoid-http-redirect"]
    _run(places, "protocol", folder, ["--rhost", pod.url, *login, *trust, *reports])
    found = list(folder.glob("reports/*.tsv"))
    if len(found) != 1:
        raise LabError("rf_protocol_validator wrote no report", "read its log")
    lines = found[0].read_text("utf-8").splitlines()
    rows = [row for row in csv.reader(lines, delimiter="\t") if len(row) > 5]
    complaints = tuple(f"{row[0]}: {row[5]}" for row in rows if row[4] in ("FAIL", "WARN"))
    counts = {word: sum(row[4] == word for row in rows) for word in ("PASS", "WARN", "FAIL")}
    return Verdict(counts["PASS"], counts["WARN"], counts["FAIL"], complaints)


def _run(places: Places, name: str, folder: Path, arguments: list[str]) -> str:
    """Everything that a validator printed. What it says of the pod is in its report, not in its exit code."""
    command = _installed(places, name) / f"rf_{name}_validator"
    folder.mkdir(parents=True, exist_ok=True)
    # requests lets the environment's certificates win over those that it was told.
    env = {key: value for key, value in os.environ.items() if key not in _CERTIFICATES}
    done = subprocess.run(
        [str(command), *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=900, check=False
    )
    return done.stdout + done.stderr


def _installed(places: Places, name: str) -> Path:
    """The folder of a validator's commands."""
    requirements = HERE / f"validators-{name}.txt"
    venv = places.root / "pod" / f"{name}-validator"
    marker = venv / ".lab-requirements"
    with alone(venv):
        if not marker.exists() or marker.read_text() != digest(requirements):
            places.make()
            log = places.logs / "pod.log"
            pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            for argv in ([sys.executable, "-m", "venv", "--clear", str(venv)], [*pip, "-r", str(requirements)]):
                with log.open("ab") as out:
                    code = subprocess.run(argv, stdout=out, stderr=out, timeout=900, check=False).returncode
                if code:
                    raise LabError(f"{' '.join(argv[1:4])} failed with {code}", "a package index is needed", tail(log))
            marker.write_text(digest(requirements))
    return venv / "bin"
