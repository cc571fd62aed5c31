"""Lays out the disks of nodes by their roles, and keeps the layouts in Corral's own database.

`extension` is the extension, `rows` its records. Rule: what a layout is comes from `corral.layouts.nailgun` alone.
"""

from corral.extensions.volume_manager.extension import VolumeManager

__all__ = ["VolumeManager"]
