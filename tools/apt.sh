#!/bin/sh
# Installs the Debian packages that Corral's set-up needs, those that are missing, and nothing where all are there.
# With `lab`: also those of the trials with several processes (lab/backing.py).
set -eu
wanted=""
python3.11 -c 'import venv, ensurepip' 2>/dev/null || wanted="$wanted python3.11-venv"
command -v gcc >/dev/null || wanted="$wanted gcc python3.11-dev"
command -v git >/dev/null || wanted="$wanted git"
command -v curl >/dev/null || wanted="$wanted curl ca-certificates"
if [ "${1:-}" = lab ]; then
    [ -x /usr/lib/postgresql/15/bin/postgres ] || wanted="$wanted postgresql-15"
    command -v redis-server >/dev/null || wanted="$wanted redis-server"
    command -v etcd >/dev/null || wanted="$wanted etcd-server"
fi
[ -z "$wanted" ] && exit 0
command -v apt-get >/dev/null || { echo "Please install:$wanted" >&2; exit 1; }
[ "$(id -u)" = 0 ] && sudo="" || sudo="sudo"
$sudo apt-get update -qq
# shellcheck disable=SC2086  # a list of names
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $wanted
