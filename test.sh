#!/usr/bin/env bash
# Runs all tests; --fast leaves out the slow ones (trait Category=Slow).
# Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# What cannot run has not passed.
give_up() {
  echo "$1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

filter=()
case "$*" in
  "") ;;
  --fast) filter=(--filter-not-trait "Category=Slow") ;;
  *) echo "usage: ./test.sh [--fast]" >&2; exit 2 ;;
esac

# The storage suite runs on PostgreSQL as well; it starts its own server. The API browser is tested in Chromium, commands in bubblewrap.
missing=()
command -v pg_ctl >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || missing+=(chromium)
command -v bwrap >/dev/null || missing+=(bubblewrap)
if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing ${missing[*]} ..."
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null) ||
    give_up "${missing[*]} could not be installed; install the server binaries of PostgreSQL, Chromium and bubblewrap, and try again."
fi

# Clients of others that the tests run against the product.
if [ ! -d tests/npm/node_modules/clawhub ] || [ ! -d tests/npm/node_modules/@modelcontextprotocol/server-everything ] ||
   [ ! -d tests/npm/node_modules/standardwebhooks ]; then
  npm install --prefix tests/npm --no-package-lock --no-audit --no-fund --silent ||
    give_up "The clients in tests/npm could not be installed; they need Node.js 20 with npm."
fi

dotnet build -c Release -v quiet --nologo OpenClaw.sln || give_up "The build failed."

# A test that hangs ends by itself after five minutes; this is for what does not let it. No project takes half as long.
minutes=20

passed=0 failed=0 skipped=0
for project in tests/*.Tests; do
  name=OpenClaw.$(basename "$project")
  echo "== $name"
  report=$(mktemp)
  timeout --foreground --kill-after=30 "${minutes}m" \
    dotnet "artifacts/bin/$name/release/$name.dll" "${filter[@]}" --no-ansi --progress off 2>&1 | tee "$report"
  status=${PIPESTATUS[0]}
  [ "$status" -ne 124 ] || echo "$name did not end within $minutes minutes."
  count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$report" | tail -n 1; }
  project_passed=$(count succeeded) project_failed=$(count failed) project_skipped=$(count skipped)
  rm -f "$report"
  passed=$((passed + ${project_passed:-0}))
  failed=$((failed + ${project_failed:-0}))
  skipped=$((skipped + ${project_skipped:-0}))
  # A run that died or found no test counts as a failure even if no test of it failed.
  if [ "$status" -ne 0 ] && [ "${project_failed:-0}" -eq 0 ]; then failed=$((failed + 1)); fi
done

[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
