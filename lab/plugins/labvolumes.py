"""Two backends of the lab's Cinder, for volumes that are there before Cinder knows of them.

Role: Cinder loads them by name. Both store no bytes of their own, export nothing and delete nothing: each of these fails loudly.

`Files` are images in a folder, managed by the code that Cinder's drivers for shares have (RemoteFSManageableVolumesMixin): it
renames the file. `Array` is storage whose volumes are told by a JSON file, `{"luns": [{"name": …, "gib": …, "wwn": …}]}`, and keep
their names.
"""
# ruff: noqa: ARG002  (Cinder says what its drivers are called with)

import json
import math
from pathlib import Path

from cinder import exception
from cinder.volume import configuration, driver, volume_utils
from cinder.volume.drivers import remotefs
from oslo_concurrency import processutils
from oslo_config import cfg
from oslo_utils import imageutils, units

OPTIONS = [cfg.StrOpt("lab_place", help="The folder of images, or the file that tells the array's volumes.")]
cfg.CONF.register_opts(OPTIONS, group=configuration.SHARED_CONF_GROUP)


class _Kept(driver.VolumeDriver):
    """Storage that is recorded, and otherwise left alone."""

    VERSION = "1.0"
    protocol = vendor = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.configuration.append_config_values(OPTIONS)
        self.place = self.configuration.lab_place

    def check_for_setup_error(self):
        """There is nothing to check."""

    def _update_volume_stats(self):
        self._stats = {
            "volume_backend_name": self.configuration.volume_backend_name,
            "vendor_name": self.vendor,
            "driver_version": self.VERSION,
            "storage_protocol": self.protocol,
            "total_capacity_gb": "infinite",
            "free_capacity_gb": "infinite",
        }

    def ensure_export(self, context, volume):
        """Cinder asks for it at a start, of volumes that are in use."""

    def remove_export(self, context, volume):
        """Cinder asks for it before it forgets a volume, exported or not."""

    def _never(self, *_args, **_kwargs):
        raise exception.VolumeBackendAPIException(data="this storage is only recorded")

    create_volume = delete_volume = create_export = _never
    initialize_connection = terminate_connection = extend_volume = _never
    create_snapshot = delete_snapshot = create_volume_from_snapshot = create_cloned_volume = _never
    copy_image_to_volume = copy_volume_to_image = retype = _never


class Files(remotefs.RemoteFSManageableVolumesMixin, _Kept):
    """Images in a folder."""

    protocol, vendor = "file", "lab"
    _execute_as_root = False

    @property
    def _mounted_shares(self):
        return [self.place]

    def _get_mount_point_for_share(self, share):
        return share

    def _set_rw_permissions(self, path):
        """They are left as they are."""

    def _qemu_img_info(self, path, volume_name=None):
        # Cinder's own way asks a helper with more rights, which the lab has not.
        told, _ = processutils.execute("qemu-img", "info", "--force-share", "--output=json", path)
        return imageutils.QemuImgInfo(told, format="json")

    def _get_rounded_manageable_image_size(self, image_path):
        return math.ceil(self._qemu_img_info(image_path).virtual_size / units.Gi)


class Array(_Kept):
    """Volumes that a host knows by their WWN, and Cinder by their name."""

    # Of a protocol with several names the scheduler answers 500 when it is in one process with the API.
    protocol, vendor = "array", "Lab Array"

    def _luns(self):
        try:
            return json.loads(Path(self.place).read_text())["luns"]
        except FileNotFoundError:
            return []

    def _find(self, reference):
        for lun in self._luns():
            if lun["name"] == reference.get("source-name"):
                return lun
        raise exception.ManageExistingInvalidReference(existing_ref=reference, reason="There is no such volume.")

    def manage_existing(self, volume, existing_ref):
        return {"provider_id": self._find(existing_ref)["name"]}

    def manage_existing_get_size(self, volume, existing_ref):
        return math.ceil(self._find(existing_ref)["gib"])

    def unmanage(self, volume):
        """It stays as it is."""

    def get_manageable_volumes(self, cinder_volumes, marker, limit, offset, sort_keys, sort_dirs):
        managed = {volume.provider_id: volume.id for volume in cinder_volumes}
        rows = [
            {
                "reference": {"source-name": lun["name"]},
                "size": lun["gib"],
                "safe_to_manage": lun["name"] not in managed,
                "reason_not_safe": "already managed" if lun["name"] in managed else None,
                "cinder_id": managed.get(lun["name"]),
                "extra_info": {"wwn": lun["wwn"]},
            }
            for lun in self._luns()
        ]
        return volume_utils.paginate_entries_list(rows, marker, limit, offset, sort_keys, sort_dirs)
