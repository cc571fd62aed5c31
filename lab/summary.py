"""lab.json: what tests and tools need to know of a running lab.

Role: written at each start; seeding adds what it made under `seeded`, and a later start keeps that.
"""

from __future__ import annotations

from lab.places import read_json, write_json
from lab.setup import SERVICES, Setup


def write(setup: Setup) -> None:
    """Write the summary; what the seed recorded stays."""
    before = read_json(setup.places.summary)
    write_json(
        setup.places.summary,
        {
            "clouds_file": str(setup.places.clouds),
            "database": setup.database,
            "endpoint": setup.places.endpoint,
            "python": str(setup.places.python),
            "region": "RegionOne",
            "seeded": before.get("seeded", {}),
            "services": {name: setup.url(name) for name in SERVICES},
            "sushy": setup.url("sushy"),
        },
    )
