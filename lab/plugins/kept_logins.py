"""Lets Ironic keep its login at Neutron, Glance and Cinder. Imported by the scripts in lab/inside that start Ironic.

Ironic logs in at Keystone anew for every client that it makes, and it makes about ten of them to attach one VIF. In a
lab on two cores these logins, and the checks of their tokens, cost more than the work.
"""

import functools

from ironic.common import keystone


def install():
    """Make Ironic load each login once; keystoneauth renews the token when it expires."""
    load = keystone.get_auth
    kept = functools.cache(load)
    keystone.get_auth = lambda group, **options: load(group, **options) if options else kept(group)
