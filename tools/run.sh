#!/bin/sh
# The first minute with Corral: a real Ironic on loopback, Corral before it, and a walk-through of one adoption.
# Keeps serving until Ctrl-C; with CORRAL_RUN_ONCE=1 it ends after the walk-through (tests use that).
# Without OpenStack (it could not be installed) everything is shown on the in-memory driver, and that is said.
set -eu
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
state=".lab/run-corral"
mkdir -p "$state"

if python3.11 -m lab up; then
    eval "$(python3.11 -m lab env)"
    node=bank-db-01 class=gold
    set -- --cloud corral-system --network-cloud corral
else
    echo "OpenStack could not be brought up (see above): the walk-through uses the in-memory driver, with made-up machines." >&2
    node=bank-db-01 class=gold
    set -- --demo
fi

port=$(python3.11 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", int("'"${CORRAL_PORT:-6688}"'"))); print(s.getsockname()[1])' 2>/dev/null) ||
    { echo "Port ${CORRAL_PORT:-6688} is in use. Stop what listens there, or set CORRAL_PORT." >&2; exit 1; }
export CORRAL_URL="http://127.0.0.1:$port"
corral serve --port "$port" --data-dir "$state/data" "$@" >"$state/corral.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT INT TERM

for _ in $(seq 150); do
    curl -sf "$CORRAL_URL/readyz" >/dev/null 2>&1 && break
    kill -0 "$server" 2>/dev/null || { cat "$state/corral.log" >&2; exit 1; }
    sleep 0.2
done
curl -sf "$CORRAL_URL/readyz" >/dev/null || { echo "Corral did not become ready; see $state/corral.log" >&2; exit 1; }

show() { printf '\n$ %s\n' "$*"; "$@"; }
show corral source list
show corral adoptable list --why
corral flavor show "$class" >/dev/null 2>&1 || show corral flavor create "$class" --resource-class "$class"
show corral adopt "$node" --flavor "$class" --plan
show corral adopt "$node" --flavor "$class" --yes
show corral server list
show corral server proof "$node"
show corral server unmanage "$node" --yes
show corral server list

printf '\nThe machine was adopted and let go; its proof shows that nothing else happened to it.\n'
[ "${CORRAL_RUN_ONCE:-}" = 1 ] && exit 0
printf 'Corral serves %s (API documentation: %s/docs). Try it in another terminal:\n' "$CORRAL_URL" "$CORRAL_URL"
printf '  export PATH="%s/.venv/bin:$PATH" CORRAL_URL=%s\n  corral --help\nCtrl-C stops it; `make lab-stop` stops the lab.\n' "$PWD" "$CORRAL_URL"
wait "$server"
