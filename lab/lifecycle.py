"""Start, stop, status and reset of the whole lab.

Role: order and parallelism. Keystone is asked for nothing until somebody uses a service, so the services start side by
side; only a MariaDB has to be there first.
"""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from lab import config, health, install, processes, services, summary, warmup
from lab.commands import environment
from lab.errors import LabError
from lab.places import Places
from lab.setup import Setup, decide, recall

START_SECONDS = 300.0
# The one that takes longest first; more at once than the processors can carry would only make all of them late.
ORDER = ("neutron", "keystone", "ironic", "cinder", "glance", "sushy")
AT_ONCE = 3


def pid_file(places: Places, service: str) -> Path:
    return places.run / f"{service}.pid"


def start(places: Places) -> Setup:
    """Start what is not running yet. Raises the first failure after every service was tried."""
    install.require(places)
    setup = decide(places)
    config.write(setup)
    if setup.database == "mysql":
        _start_one(setup, "mysql")
    failures = _start_all(setup)
    if failures:
        raise failures[0]
    warmup.warm(setup)
    summary.write(setup)
    return setup


def _start_all(setup: Setup) -> list[LabError]:
    failures = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(_start_one, setup, service) for service in ORDER]
        for job in as_completed(jobs):
            try:
                job.result()
            except LabError as error:
                failures.append(error)
    return failures


def _start_one(setup: Setup, service: str) -> None:
    begun = time.monotonic()
    file = pid_file(setup.places, service)
    word = "already up"
    if processes.running(file) is None:
        word = "up"
        services.before(setup, service)
        _launch(setup, service, file)
    _wait(setup, service, file)
    services.after(setup, service)
    print(f"{service:<9} {word} {(time.monotonic() - begun) * 1000:6.0f} ms", flush=True)


def _launch(setup: Setup, service: str, file: Path) -> None:
    log = setup.places.logs / f"{service}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    if service != "mysql" and services.answers(setup, service):
        raise LabError(
            f"somebody else answers on port {setup.ports[service]}, where {service} should be",
            "stop it (ss -ltnp), or python -m lab reset to choose other ports",
        )
    processes.launch(services.command(setup, service), environment(setup.places), log, file, setup.places.data)


def _wait(setup: Setup, service: str, file: Path) -> None:
    if not health.wait(
        lambda: services.answers(setup, service), lambda: processes.running(file) is not None, START_SECONDS
    ):
        log = setup.places.logs / f"{service}.log"
        raise LabError(f"{service} did not come up", f"read {log}", processes.tail(log))


def stop(places: Places) -> None:
    """Stop every service that this lab started. The database goes last."""
    setup = recall(places)
    names = [name for name in (setup.names if setup else ()) if name != "mysql"]
    if names:
        with ThreadPoolExecutor(len(names)) as pool:
            list(pool.map(lambda name: _stop_one(places, name), names))
    _stop_one(places, "mysql")


def _stop_one(places: Places, service: str) -> None:
    if processes.stop(pid_file(places, service)):
        print(f"{service:<9} stopped", flush=True)


def status(places: Places) -> bool:
    """Print a line per service; True when every one answers."""
    setup = recall(places)
    if setup is None:
        print("this lab was never started: python -m lab up")
        return False
    told = [_status_one(setup, service) for service in setup.names]
    return all(told)


def _status_one(setup: Setup, service: str) -> bool:
    pid = processes.running(pid_file(setup.places, service))
    if pid is None:
        print(f"{service:<9} stopped")
        return False
    good = services.answers(setup, service)
    where = f"127.0.0.1:{setup.ports['mysql']}" if service == "mysql" else setup.url(service)
    word = "up" if good else "NOT ANSWERING"
    print(f"{service:<9} {word:<13} pid {pid:<7} {processes.memory_mb(pid):>4} MB  {where}")
    return good


def reset(places: Places) -> None:
    """Stop, and forget data, configuration, ports and logs; the installation stays."""
    stop(places)
    for folder in (places.data, places.run, places.etc, places.logs):
        shutil.rmtree(folder, ignore_errors=True)
    places.summary.unlink(missing_ok=True)
    print("the lab's data is removed")
