#!/usr/bin/env bash
# Kills one process of the cluster with SIGKILL: ./kill.sh silo-2. up.sh starts it again.
set -euo pipefail
run="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/data/run"
if [ $# -ne 1 ] || [ ! -e "$run/$1.pid" ]; then
  echo "usage: ./kill.sh NAME, where NAME is one of: $(cd "$run" 2>/dev/null && ls ./*.pid 2>/dev/null | sed -e 's/\.pid$//' -e 's/^\.\///' | tr '\n' ' ')" >&2
  exit 2
fi
kill -KILL "$(cat "$run/$1.pid")"
echo "killed $1"
