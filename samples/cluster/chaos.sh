#!/usr/bin/env bash
# Breaks a cluster of its own at random while 200 sessions chat, then holds every session against what was promised.
#   ./chaos.sh [DURATION] [SEED]      DURATION such as 90s, 30m (default 5m) or 2h; SEED repeats a run's order of faults
# The record, the findings and the output of every process go to artifacts/chaos.
set -euo pipefail
usage() { sed -n '3s/^# *//p' "$0" >&2; exit 2; }

[ "$#" -le 2 ] || usage
[[ "${1:-5m}" =~ ^([0-9]+)([smh])$ ]] || usage
number=$((10#${BASH_REMATCH[1]}))
case "${BASH_REMATCH[2]}" in
  s) seconds=$number ;;
  m) seconds=$((number * 60)) ;;
  h) seconds=$((number * 3600)) ;;
esac
[[ "${2:-0}" =~ ^[0-9]+$ ]] || usage

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build -c Release -v quiet --nologo tests/Chaos.Tests
export OPENCLAW_CHAOS_DIRECTORY="$PWD/artifacts/chaos"
OPENCLAW_CHAOS_DURATION=$(printf '%d.%02d:%02d:%02d' $((seconds / 86400)) $((seconds / 3600 % 24)) $((seconds / 60 % 60)) $((seconds % 60)))
export OPENCLAW_CHAOS_DURATION
if [ -n "${2:-}" ]; then export OPENCLAW_TEST_SEED="$2"; fi
rm -rf "$OPENCLAW_CHAOS_DIRECTORY"
exec dotnet artifacts/bin/OpenClaw.Chaos.Tests/release/OpenClaw.Chaos.Tests.dll \
  --filter-trait Category=Slow --show-live-output on --no-ansi --progress off
