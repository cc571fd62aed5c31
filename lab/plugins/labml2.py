"""ML2 mechanism driver of the lab: binds every `baremetal` port, with no agent and no switch behind it.

Role: Neutron loads it through the entry point in labml2-0.1.dist-info, which is found because this folder is on the
PYTHONPATH of the lab's Neutron. Neutron's own test driver refuses baremetal ports, so a VIF would never become active.
"""

from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.plugins.ml2 import api


class LabBaremetal(api.MechanismDriver):
    """Binds on the first segment that is offered."""

    def initialize(self):
        """Nothing to prepare: there is no switch."""

    @property
    def connectivity(self):
        return portbindings.CONNECTIVITY_L2

    def bind_port(self, context):
        if context.current[portbindings.VNIC_TYPE] != portbindings.VNIC_BAREMETAL:
            return
        for segment in context.segments_to_bind[:1]:
            context.set_binding(segment[api.ID], portbindings.VIF_TYPE_OTHER, {}, status=constants.PORT_STATUS_ACTIVE)
