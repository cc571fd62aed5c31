"""What a deployment needs beside the layout: names, networks, images.

Rule: defaults are harmless. They name this machine's loopback only, so that a document written without them can be read by an
agent, and deploys nothing from anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
NO_MAC = "00:00:00:00:00:00"


@dataclass(frozen=True, slots=True)
class Image:
    """The image of one file system. `mount`: its mount point; `format`: of the file system in it; `container`: `gzip` or `raw`."""

    mount: str
    uri: str
    format: str = "ext4"
    container: str = "gzip"


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface of the node. An address without one is left to DHCP."""

    name: str
    mac: str
    address: str = ""
    netmask: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One node's deployment. The first of `interfaces` is the one it boots from. `profile` names the operating system as Fuel does.
    `config_drive`: what Ironic takes, gzipped and in base64."""

    hostname: str = "localhost"
    profile: str = "ubuntu_1404_x86_64"
    images: tuple[Image, ...] = (Image("/", f"http://{LOOPBACK}:8080/root.img.gz"),)
    interfaces: tuple[Interface, ...] = (Interface("eth0", NO_MAC, LOOPBACK, "255.0.0.0"),)
    master: str = LOOPBACK
    gateway: str = LOOPBACK
    name_servers: str = LOOPBACK
    search_domain: str = "localdomain"
    kernel_params: str = "console=tty0 console=ttyS0,115200"
    authorized_keys: tuple[str, ...] = ()
    timezone: str = "UTC"
    config_drive: str = ""
