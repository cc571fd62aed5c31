"""What Corral tells the rest of a cloud: that an adoption, or its opposite, began, ended or failed.

Rule: notifications are news, not records. None is ever waited for, and no operation fails because one was lost; what
must not be lost is in the audit trail.
"""

from corral.notify.boundary import Unfailing
from corral.notify.events import EventType, ServerPayload
from corral.notify.notifier import Notifier

__all__ = ["EventType", "Notifier", "ServerPayload", "Unfailing"]
