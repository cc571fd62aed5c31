"""Server records: whole or not at all, one owner of a machine, nothing overwritten unseen."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from corral.domain.errors import Conflict, Invalid, NotFound, Stale
from corral.domain.lifecycle import Event, Status
from corral.domain.server import Kind, Server, ServerNic
from corral.domain.vm import Address, Origin, VmDisk, VmNic
from corral.engine import read
from corral.store import Servers, tables
from corral.store.servers import ServerFilter


def a_server(number: int = 1, **changes: object) -> Server:
    fields = {
        "uuid": f"00000000-0000-4000-8000-{number:012d}",
        "name": f"server-{number}",
        "source": "lab",
        "machine": f"node-{number}",
        "project": "bank",
        "status": Status.MANAGING,
        "flavor": "f" * 36,
        "metadata": {"rack": "7"},
        "nics": (ServerNic(f"port-{number}", "net", f"52:54:00:00:00:{number % 100:02d}", ("10.0.0.1",)),),
        "macs": (f"52:54:00:00:{number // 100:02d}:{number % 100:02d}",),
        **changes,
    }
    return Server(**fields)  # type: ignore[arg-type]


@pytest.fixture
def servers(sql: sa.Engine, clock: object) -> Servers:
    return Servers(sql, clock)  # type: ignore[arg-type]


def put(servers: Servers, sql: sa.Engine, server: Server) -> Server:
    with sql.begin() as conn:
        return servers.add(conn, server)


def test_a_server_comes_back_as_it_was_written(servers: Servers, sql: sa.Engine) -> None:
    stored = put(servers, sql, a_server())
    assert servers.get(stored.uuid) == stored


def test_a_machine_has_one_server(servers: Servers, sql: sa.Engine) -> None:
    put(servers, sql, a_server(1))
    with pytest.raises(Conflict, match="node-1"):
        put(servers, sql, a_server(2, machine="node-1"))
    assert servers.find(a_server(2).uuid) is None


def test_the_same_machine_id_at_another_source_is_another_machine(servers: Servers, sql: sa.Engine) -> None:
    put(servers, sql, a_server(1))
    put(servers, sql, a_server(2, machine="node-1", source="other"))


def test_a_name_is_taken_once_in_a_project_and_free_in_others(servers: Servers, sql: sa.Engine) -> None:
    put(servers, sql, a_server(1))
    with pytest.raises(Conflict, match="named 'server-1'"):
        put(servers, sql, a_server(2, name="server-1"))
    put(servers, sql, a_server(2, name="server-1", project="other"))


def test_two_servers_never_share_a_mac_or_a_port(servers: Servers, sql: sa.Engine) -> None:
    first = put(servers, sql, a_server(1))
    with pytest.raises(Conflict, match="MAC"):
        put(servers, sql, a_server(2, macs=first.macs))
    with pytest.raises(Conflict, match="port"):
        put(servers, sql, a_server(3, nics=first.nics))


def test_a_save_against_an_old_revision_is_refused_and_changes_nothing(servers: Servers, sql: sa.Engine) -> None:
    old = put(servers, sql, a_server())
    servers.save(replace(old, description="first"))
    with pytest.raises(Stale):
        servers.save(replace(old, description="second", nics=()))
    assert servers.get(old.uuid).description == "first"
    assert servers.get(old.uuid).nics == old.nics


def test_removing_a_server_frees_its_name_machine_ports_and_macs(servers: Servers, sql: sa.Engine) -> None:
    server = put(servers, sql, a_server())
    servers.remove(server.uuid)
    servers.remove(server.uuid)
    with pytest.raises(NotFound):
        servers.get(server.uuid)
    put(servers, sql, a_server())


@pytest.mark.parametrize("sort_key", ["created_at", "name", "uuid"])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_hold_every_server_once_in_order(
    servers: Servers, sql: sa.Engine, sort_key: str, descending: bool
) -> None:
    for number in range(1, 26):
        put(servers, sql, a_server(number))
    seen: list[Server] = []
    while page := servers.page(
        ServerFilter(), limit=10, marker=seen[-1].uuid if seen else None, sort_key=sort_key, descending=descending
    ):
        seen += page
    keys = [(getattr(one, sort_key), one.uuid) for one in seen]
    assert len(seen) == 25
    assert keys == sorted(keys, reverse=descending)


def test_a_marker_that_is_no_server_is_told(servers: Servers) -> None:
    with pytest.raises(Invalid, match="marker"):
        servers.page(ServerFilter(), limit=1, marker="nobody")


def test_filters_match_exactly(servers: Servers, sql: sa.Engine) -> None:
    put(servers, sql, a_server(1))
    other = ServerNic("p", "net", "52:54:00:00:00:99", ("10.0.0.11",))
    put(servers, sql, a_server(2, nics=(other,), project="other", source="vc"))
    names = lambda **where: [one.name for one in servers.page(ServerFilter(**where), limit=9)]  # noqa: E731
    assert names(project="bank") == ["server-1"]
    assert names(source="vc") == ["server-2"]
    assert names(name="server-1") == ["server-1"]
    assert names(address="10.0.0.1") == ["server-1"]
    assert names(address="10.0.0.%") == []
    assert names(status="active") == []


def test_status_changes_by_events_alone(servers: Servers, sql: sa.Engine) -> None:
    server = servers.save(put(servers, sql, a_server()).on(Event.MANAGED_ON))
    assert servers.get(server.uuid).status is Status.ACTIVE
    with pytest.raises(Conflict, match="can't take"):
        server.on(Event.MANAGED_ON)


def test_the_last_page_is_read_from_an_index(servers: Servers, sql: sa.Engine) -> None:
    if sql.dialect.name != "sqlite":
        pytest.skip("reads SQLite's query plan")
    query = (
        "EXPLAIN QUERY PLAN SELECT * FROM servers WHERE (created_at, uuid) < ('2026', 'x') "
        "ORDER BY created_at DESC, uuid DESC LIMIT 10"
    )
    with read(sql) as conn:
        plan = " ".join(str(row) for row in conn.execute(sa.text(query)))
    assert "USING INDEX ix_servers_created_at_uuid" in plan
    assert "TEMP B-TREE" not in plan


# --- VMs --------------------------------------------------------------------------------------------------

PARTS = (tables.server_volumes, tables.server_vm_nics)
DISKS = (
    VmDisk("vda", "file", path="/srv/images/a.qcow2", size=1 << 40, backing=("/srv/images/base.qcow2",)),
    VmDisk("vdb", "network", protocol="rbd", volume="vms/a", wwn="0x5000c5", read_only=True),
)
NICS = (
    VmNic(
        "52:54:00:00:07:01", "52:54:00:00:07:01", "bridge", bridge="br0", addresses=(Address("10.7.0.1", Origin.ARP),)
    ),
    VmNic("52:54:00:00:07:02", "52:54:00:00:07:02", "network", network="default", vlan=12),
)


def a_vm(number: int = 7, **changes: object) -> Server:
    fields: dict[str, object] = {
        "kind": Kind.VM,
        "flavor": "",
        "nics": (),
        "host": "host-1",
        "cpus": 4,
        "memory": 64 << 30,
    }
    macs = tuple(nic.mac for nic in NICS)
    return a_server(number, **{**fields, "macs": macs, "volumes": DISKS, "vm_nics": NICS, **changes})


def test_a_vm_comes_back_with_its_volumes_and_nics_in_their_order(servers: Servers, sql: sa.Engine) -> None:
    stored = put(servers, sql, a_vm())
    node = put(servers, sql, a_server(1))
    assert servers.get(stored.uuid) == stored
    assert servers.page(ServerFilter(), limit=9, sort_key="name", descending=False) == [node, stored]


def test_what_a_vm_has_is_replaced_by_a_save_and_goes_with_the_server(servers: Servers, sql: sa.Engine) -> None:
    stored = servers.save(replace(put(servers, sql, a_vm()), volumes=DISKS[1:], vm_nics=NICS[:1]))
    assert servers.get(stored.uuid).volumes == DISKS[1:]
    servers.remove(stored.uuid)
    with read(sql) as conn:
        assert [conn.execute(sa.select(sa.func.count()).select_from(one)).scalar_one() for one in PARTS] == [0, 0]


def test_a_server_is_found_by_an_address_of_a_vms_nic(servers: Servers, sql: sa.Engine) -> None:
    put(servers, sql, a_server(1))
    stored = put(servers, sql, a_vm())
    assert servers.page(ServerFilter(address="10.7.0.1"), limit=9) == [stored]
    assert servers.page(ServerFilter(address="10.7.0"), limit=9) == []


def test_a_vm_never_shares_a_mac_with_another_server(servers: Servers, sql: sa.Engine) -> None:
    put(servers, sql, a_server(1, macs=(NICS[1].mac,)))
    with pytest.raises(Conflict, match="MAC"):
        put(servers, sql, a_vm())


def test_a_row_that_an_earlier_release_wrote_is_a_node(servers: Servers, sql: sa.Engine) -> None:
    stored = put(servers, sql, a_server(1))
    nothing = dict.fromkeys(("kind", "host", "cpus", "memory"))
    with sql.begin() as conn:
        conn.execute(sa.update(tables.servers).values(nothing))
    assert servers.get(stored.uuid) == stored
    assert servers.page(ServerFilter(kind=Kind.NODE), limit=9) == [stored]
    assert servers.page(ServerFilter(kind=Kind.VM), limit=9) == []
    assert servers.save(replace(stored, description="still")).kind is Kind.NODE
