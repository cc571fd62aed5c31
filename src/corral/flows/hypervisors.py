"""Sources of hosts as flows use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from corral.contracts.hosts import HostSource
from corral.contracts.pace import Pace
from corral.contracts.virtual import DescribesVms, OpensConsoles, SwitchesVms, Vms
from corral.domain.errors import NotSupported


@dataclass(frozen=True, slots=True)
class Hypervisor:
    """A source of hosts. `mark`: whether VMs are marked there as a server's. `use`: what was opened, for as long as it is used; the
    settings may name other hosts meanwhile, and then it is let go of afterwards."""

    name: str
    driver: str
    mark: bool
    use: Callable[[], AbstractContextManager[HostSource]]
    pace: Pace | None = None

    @contextmanager
    def vms(self) -> Iterator[Vms]:
        """Its VMs as ones that can be observed and marked. Raises NotSupported."""
        with self.use() as source:
            if not isinstance(source.hosts, Vms):
                raise NotSupported(f"The {self.driver} driver of source {self.name} can't adopt VMs.")
            yield source.hosts

    @contextmanager
    def switches(self) -> Iterator[SwitchesVms]:
        """Its VMs as ones that can be switched. Raises NotSupported."""
        with self.use() as source:
            if not isinstance(source.hosts, SwitchesVms):
                raise NotSupported(f"The {self.driver} driver of source {self.name} can't switch VMs.")
            yield source.hosts

    @contextmanager
    def descriptions(self) -> Iterator[DescribesVms | None]:
        """Its VMs as ones that something can be said of; None where the driver can't."""
        with self.use() as source:
            yield source.hosts if isinstance(source.hosts, DescribesVms) else None

    @contextmanager
    def consoles(self) -> Iterator[OpensConsoles]:
        """Its VMs as ones whose consoles can be reached. Raises NotSupported."""
        with self.use() as source:
            if not isinstance(source.hosts, OpensConsoles):
                raise NotSupported(f"The {self.driver} driver of source {self.name} opens no consoles.")
            yield source.hosts
