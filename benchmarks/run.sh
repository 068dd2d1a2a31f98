#!/usr/bin/env bash
# Builds everything in Release and runs the benchmarks; see docs/performance.md.
#   benchmarks/run.sh                             all scenarios
#   benchmarks/run.sh turns --concurrency 32      one scenario with the runner's options
#   benchmarks/run.sh memory recall|speed         what the memory search finds, and how fast
set -euo pipefail
cd "$(dirname "$0")/.."
ulimit -n "$(ulimit -Hn)"

projects=(
  src/WebFrontend/OpenClaw.WebFrontend.csproj
  src/Silo/OpenClaw.Silo.csproj
  benchmarks/FastModel/OpenClaw.Benchmarks.FastModel.csproj
  benchmarks/BareProxy/OpenClaw.Benchmarks.BareProxy.csproj
  benchmarks/DurableProxy/OpenClaw.Benchmarks.DurableProxy.csproj
  benchmarks/BareSilo/OpenClaw.Benchmarks.BareSilo.csproj
  benchmarks/LogAgainstState/OpenClaw.Benchmarks.LogAgainstState.csproj
  benchmarks/Memory/OpenClaw.Benchmarks.Memory.csproj
  benchmarks/LoadRunner/OpenClaw.Benchmarks.LoadRunner.csproj
)
for project in "${projects[@]}"; do
  dotnet build -c Release -v quiet --nologo "$project"
done
runner=(dotnet artifacts/bin/OpenClaw.Benchmarks.LoadRunner/release/OpenClaw.Benchmarks.LoadRunner.dll)

memory=(dotnet artifacts/bin/OpenClaw.Benchmarks.Memory/release/OpenClaw.Benchmarks.Memory.dll)

if [ "${1:-}" = memory ]; then
  exec "${memory[@]}" "${@:2}"
fi
if [ $# -gt 0 ]; then
  exec "${runner[@]}" "$@"
fi
for scenario in turns ttff chunks streams300 start sse10k sockets tasks idle-sessions long postgres-turns list cold hands pages cluster; do
  "${runner[@]}" "$scenario" || failed="${failed:-} $scenario"
done
dotnet artifacts/bin/OpenClaw.Benchmarks.LogAgainstState/release/OpenClaw.Benchmarks.LogAgainstState.dll || failed="${failed:-} log-against-state"
for run in recall speed; do
  "${memory[@]}" "$run" || failed="${failed:-} memory-$run"
done
if [ -n "${failed:-}" ]; then
  echo "Scenarios that failed:$failed" >&2
  exit 1
fi
