"""Machines, ports and requests as a source could tell them: mostly small pools, so that things meet."""

from __future__ import annotations

from hypothesis import strategies as st

from corral.domain.adoptability import Surroundings
from corral.domain.machine import Disk, FixedIp, Image, Machine, Network, NetworkPort, Nic, Power
from corral.domain.server import Flavor, ManageRequest, NetworkRequest

UUIDS = [f"00000000-0000-4000-8000-00000000000{digit}" for digit in range(6)]
MACS = [f"52:54:00:00:00:0{digit}" for digit in range(6)]
PROJECTS = ["p1", "p2"]

uuids = st.sampled_from(UUIDS)
macs = st.sampled_from(MACS)
projects = st.sampled_from(PROJECTS)
words = st.text(max_size=12)


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | strategy


nics = st.builds(Nic, id=uuids, mac=macs | st.just(""), vif=maybe(uuids), group=maybe(uuids), bond=st.booleans())
disks = st.builds(Disk, name=words, size=st.integers(min_value=0), serial=words)

machines = st.builds(
    Machine,
    source=st.just("lab"),
    id=st.just(UUIDS[0]),
    name=maybe(words),
    provision_state=st.sampled_from(["active", "available", "deploying"]),
    power=st.sampled_from(Power),
    resource_class=maybe(st.sampled_from(["gold", "CUSTOM_GOLD", "silver", ""])),
    observed_power=st.none() | st.sampled_from([Power.ON, Power.OFF]),
    power_error=words,
    power_asked=st.booleans(),
    target_power=maybe(st.sampled_from(["power on", "power off", "rebooting"])),
    claimed_by=maybe(uuids),
    maintenance=st.booleans(),
    maintenance_reason=maybe(words),
    retired=st.booleans(),
    protected=st.booleans(),
    reserved_by=maybe(words),
    fault=maybe(words),
    image=maybe(uuids | st.sampled_from(["file:///etc/passwd", "http://x/{y}", ""])),
    owner=maybe(projects),
    lessee=maybe(projects),
    driver=words,
    nics=st.lists(nics, max_size=3).map(tuple),
    disks=st.lists(disks, max_size=2).map(tuple),
    problem=st.just("") | words,
)

ports = st.builds(
    NetworkPort,
    id=uuids,
    mac=macs,
    network=uuids,
    project=projects | st.just(""),
    device=uuids | st.just(""),
    device_owner=st.sampled_from(["", "baremetal:none", "compute:nova"]),
    host=uuids | st.just(""),
    fixed_ips=st.lists(st.builds(FixedIp, address=st.just("10.0.0.9")), max_size=1).map(tuple),
)
networks = st.builds(Network, id=uuids, name=words, project=projects, shared=st.booleans())
images = st.builds(Image, id=uuids, name=words)


surroundings = st.builds(
    Surroundings,
    images=st.lists(images, max_size=3).map(lambda found: {one.id: one for one in found}),
    ports=st.lists(ports, max_size=4).map(lambda found: {one.id: one for one in found}),
    networks=st.lists(networks, max_size=3).map(lambda found: {one.id: one for one in found}),
    managed=st.dictionaries(uuids, uuids, max_size=2),
    port_servers=st.dictionaries(uuids, uuids, max_size=2),
    mac_holders=st.dictionaries(macs, words, max_size=2),
)

entries = st.builds(NetworkRequest, port_id=uuids) | st.builds(NetworkRequest, net_id=uuids)
requests = st.builds(
    ManageRequest,
    name=words,
    node=st.just(UUIDS[0]),
    flavor=uuids,
    networks=st.lists(entries, min_size=1, max_size=4).map(tuple),
    source=maybe(words),
    description=maybe(words),
    availability_zone=maybe(words),
    project=maybe(projects),
    metadata=st.dictionaries(words, words, max_size=2),
)
flavors = st.builds(
    Flavor,
    uuid=uuids,
    name=words,
    resources=st.dictionaries(st.sampled_from(["gold", "CUSTOM_GOLD", "silver"]), st.just("1"), max_size=2),
    disabled=st.booleans(),
)
