#!/usr/bin/env bash
# Serves OpenClaw on http://localhost:3000: one process, embedded database under ./data.
# Builds when something changed since the last build. Settings: see README.md.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server="$root/artifacts/bin/OpenClaw.WebFrontend/release/OpenClaw.WebFrontend.dll"
stamp="$root/artifacts/run.stamp"

command -v dotnet >/dev/null || {
  echo "The .NET SDK 10 is needed: https://dotnet.microsoft.com/download" >&2
  exit 1
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if [ ! -f "$server" ] || [ ! -f "$stamp" ] ||
   [ -n "$(find "$root/src" "$root/samples/skills" "$root"/Directory.*.props "$root/global.json" -newer "$stamp" -print -quit)" ]; then
  # Commands of tenants run in bubblewrap, pages open in Chromium; without them these are refused, and everything else works.
  missing=()
  command -v bwrap >/dev/null || missing+=(bubblewrap)
  command -v chromium >/dev/null || missing+=(chromium)
  if [ "${#missing[@]}" -gt 0 ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} ..."
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null) || true
  fi
  echo "Building OpenClaw (only when something changed) ..."
  begun=$(mktemp)
  dotnet build -c Release -v quiet --nologo "$root/src/WebFrontend/OpenClaw.WebFrontend.csproj"
  mv "$begun" "$stamp"
fi

command -v bwrap >/dev/null || echo "bubblewrap is not installed: commands of tenants will be refused." >&2
command -v chromium >/dev/null || echo "chromium is not installed: web pages will be refused." >&2
# Tiered PGO needs no help; the server's threads and memory follow the machine.
exec dotnet "$server" "$@"
