"""Run by `produce.py` with a former release's code: begins operations, and is killed in the middle of them."""

import inspect
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from former_world import FAILING, MANAGED, UNMANAGED, WAITING, wish

from corral import config
from corral.services.adoption import Actor
from corral.wiring import build

ACTOR = Actor("operator", "bank", "req-former")


def main(place: Path) -> None:
    go_on = threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_told: go_on.set())
    source = {"name": "lab", "driver": "ironic", "options": {"cloud": "memory"}}
    settings = config.load(data_dir=place, workers=len(MANAGED) + len(UNMANAGED) + len(FAILING), sources=[source])
    corral = build(settings, emit=lambda *_told, **_more: None)
    create = corral.flavors.create
    told = [ACTOR] if len(inspect.signature(create).parameters) > 1 else []  # the first releases noted nobody
    flavor = create({"name": "gold", "resources": {"gold": "1"}}, *told).uuid
    corral.engine.start()
    for number in UNMANAGED:
        _, operation = corral.adoption.manage(wish(number, flavor), ACTOR)
        ended = corral.engine.wait(operation.uuid, 60)
        assert ended.state == "succeeded", ended.error
    print("managed", flush=True)
    go_on.wait(60)
    for number in UNMANAGED:
        corral.adoption.unmanage(_server(corral, number), ACTOR)
    for number in (*MANAGED, *FAILING):
        corral.adoption.manage(wish(number, flavor), ACTOR)
    corral.adoption.manage(wish(WAITING, flavor), ACTOR)
    threading.Event().wait(120)


def _server(corral: Any, number: int) -> Any:
    with corral.sql.connect() as conn:
        named = sa.text("SELECT uuid FROM servers WHERE name = :name")
        return corral.servers.get(conn.execute(named, {"name": f"server-{number}"}).scalar_one())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
