#!/bin/sh
# Installs the Debian packages that Corral's set-up needs, those that are missing, and nothing where all are there.
# With `lab`: also those of the trials with several processes (lab/backing.py) and of the hypervisor (lab/hypervisor); with `mysql`: those of a lab on MariaDB (lab/mysql.py).
set -eu
wanted=""
python3.11 -c 'import venv, ensurepip' 2>/dev/null || wanted="$wanted python3.11-venv"
command -v gcc >/dev/null || wanted="$wanted gcc python3.11-dev"
command -v git >/dev/null || wanted="$wanted git"
command -v curl >/dev/null || wanted="$wanted curl ca-certificates"
# libvirt-python is built here, against Debian's libvirt: the library and its headers, no daemon.
pkg-config --exists libvirt 2>/dev/null || wanted="$wanted libvirt-dev pkg-config"
[ -e /usr/include/python3.11/Python.h ] || wanted="$wanted python3.11-dev"
if [ "${1:-}" = lab ]; then
    [ -x /usr/lib/postgresql/15/bin/postgres ] || wanted="$wanted postgresql-15"
    command -v redis-server >/dev/null || wanted="$wanted redis-server"
    command -v etcd >/dev/null || wanted="$wanted etcd-server"
    # Without libvirt-daemon-system nothing of these is started, and nothing starts with the machine.
    [ -x /usr/sbin/libvirtd ] || wanted="$wanted libvirt-daemon libvirt-daemon-driver-qemu"
    command -v virsh >/dev/null || wanted="$wanted libvirt-clients"
    command -v qemu-system-x86_64 >/dev/null || wanted="$wanted qemu-system-x86 seabios"
    command -v qemu-img >/dev/null || wanted="$wanted qemu-utils"
fi
if [ "${1:-}" = mysql ]; then
    # Debian puts mariadbd into /usr/sbin, which is not on everybody's PATH.
    [ -x /usr/sbin/mariadbd ] || command -v mariadbd >/dev/null || wanted="$wanted mariadb-server-core"
    command -v mariadb >/dev/null || wanted="$wanted mariadb-client-core"
fi
[ -z "$wanted" ] && exit 0
command -v apt-get >/dev/null || { echo "Please install:$wanted" >&2; exit 1; }
[ "$(id -u)" = 0 ] && sudo="" || sudo="sudo"
$sudo apt-get update -qq
# shellcheck disable=SC2086  # a list of names
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $wanted
