#!/usr/bin/env bash
# A cluster on this machine: PostgreSQL, three silos, two front-ends and a reverse proxy on http://localhost:3000.
# Processes that exit are started again; Ctrl-C ends everything. Names, process ids and logs: data/run, data/logs.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
offset=${PORT_OFFSET:-0} # added to every port, when the usual ones are taken
proxy_port=$((3000 + offset)) postgres_port=$((15432 + offset))
data="$here/data" run="$here/data/run" logs="$here/data/logs"
bin="$root/artifacts/bin"

command -v dotnet >/dev/null || { echo "The .NET SDK 10 is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }

postgres_bin() {
  local initdb
  initdb=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1 || true)
  [ -n "$initdb" ] || initdb=$(command -v initdb || true)
  [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}
if ! pg=$(postgres_bin); then
  echo "Installing postgresql ..."
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null) && pg=$(postgres_bin) || {
    echo "PostgreSQL could not be installed; install its server binaries and try again." >&2
    exit 1
  }
fi

mkdir -p "$run" "$logs"
for file in "$run"/*.pid; do
  [ -e "$file" ] && kill -0 "$(cat "$file")" 2>/dev/null || continue
  echo "$(basename "$file" .pid) still runs as process $(cat "$file"): end the cluster that it belongs to first." >&2
  exit 1
done
rm -f "$run"/*

# PostgreSQL does not run as root, and its user must be able to reach its data.
as_postgres=() postgres_data="$data/postgres"
if [ "$(id -u)" -eq 0 ]; then
  user=postgres
  id "$user" >/dev/null 2>&1 || user=nobody
  as_postgres=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
  "${as_postgres[@]}" test -x "$data" || {
    postgres_data="/tmp/openclaw-cluster-$offset"
    echo "The user $user cannot reach $data: PostgreSQL keeps its data in $postgres_data."
  }
  mkdir -p "$postgres_data"
  chown "$user" "$postgres_data"
  chmod 700 "$postgres_data"
fi
if [ ! -e "$postgres_data/PG_VERSION" ]; then
  (cd / && "${as_postgres[@]}" "$pg/initdb" -D "$postgres_data" -U openclaw -A trust -E UTF8 --locale=C.UTF-8 --no-instructions >"$logs/initdb.log")
fi

echo "Building ..."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
for project in src/Silo src/WebFrontend samples/cluster/Proxy; do
  dotnet build -c Release -v quiet --nologo "$root/$project" | grep -v -e '^$' -e 'Build succeeded' -e '0 Warning' -e '0 Error' -e 'Time Elapsed' || true
done

# Each process in a session of its own, so that Ctrl-C reaches this script alone, which then ends them in order.
supervise() {
  local name=$1
  shift
  (
    while [ ! -e "$run/stopping" ]; do
      setsid "$@" >>"$logs/$name.log" 2>&1 &
      echo $! >"$run/$name.pid"
      status=0
      wait $! || status=$?
      [ -e "$run/stopping" ] && break
      echo "$(date +%T) $name ended with $status; it is started again."
      sleep 1
    done
  ) 2>/dev/null & # The shell's own word on a killed process; what the process says goes to its log.
}

stop() {
  local pid
  for name in "$@"; do
    pid=$(cat "$run/$name.pid" 2>/dev/null) && kill -TERM "$pid" 2>/dev/null || true
  done
  for name in "$@"; do
    pid=$(cat "$run/$name.pid" 2>/dev/null) || continue
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    rm -f "$run/$name.pid"
  done
}

down() {
  trap - EXIT
  trap '' INT TERM
  touch "$run/stopping"
  echo "Stopping ..."
  stop proxy
  stop frontend-1 frontend-2
  stop silo-1 silo-2 silo-3
  stop postgres
  rm -f "$run/stopping"
  exit 0
}
trap down INT TERM EXIT

cd / # PostgreSQL's user may not reach the folder that this was started from.
supervise postgres "${as_postgres[@]}" "$pg/postgres" -D "$postgres_data" -h 127.0.0.1 -p "$postgres_port" -k ""
until "${as_postgres[@]}" "$pg/pg_isready" -q -h 127.0.0.1 -p "$postgres_port"; do sleep 0.2; done

shared=(
  "OpenClaw__Database__Provider=postgres"
  "OpenClaw__Database__ConnectionString=Host=127.0.0.1;Port=$postgres_port;Username=openclaw;Database=postgres"
  "OpenClaw__DataDirectory=$data/openclaw"
)
for number in 1 2 3; do
  # The built-in model speaks slowly here, so that there is time to kill something.
  supervise "silo-$number" env "${shared[@]}" \
    "OpenClaw__Cluster__SiloPort=$((11110 + number + offset))" \
    "OpenClaw__Cluster__GatewayPort=$((30000 + number + offset))" \
    "OpenClaw__Cluster__HttpPort=$((8080 + number + offset))" \
    "OpenClaw__Models__Offline__ChunkDelayMilliseconds=${CHUNK_DELAY:-300}" \
    dotnet "$bin/OpenClaw.Silo/release/OpenClaw.Silo.dll"
done
destinations=()
for number in 1 2; do
  address="http://127.0.0.1:$((3000 + number + offset))"
  supervise "frontend-$number" env "${shared[@]}" "OpenClaw__Role=frontend" "ASPNETCORE_URLS=$address" "OpenClaw__Http__StopDelay=00:00:02" \
    dotnet "$bin/OpenClaw.WebFrontend/release/OpenClaw.WebFrontend.dll"
  destinations+=("ReverseProxy__Clusters__frontends__Destinations__frontend-${number}__Address=$address")
done
supervise proxy env "${destinations[@]}" "ASPNETCORE_URLS=http://localhost:$proxy_port" \
  dotnet "$bin/OpenClaw.Samples.Cluster.Proxy/release/OpenClaw.Samples.Cluster.Proxy.dll"

until curl -sf -o /dev/null "http://localhost:$proxy_port/readyz"; do sleep 0.5; done
echo "OpenClaw serves http://localhost:$proxy_port. The admin key is in $data/openclaw/admin-key. Ctrl-C ends the cluster."
wait
