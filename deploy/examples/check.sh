#!/usr/bin/env bash
# Runs the examples on their real engines over the golden samples, each in a fresh environment with its pinned packages.
#
#   npm run deploy -- examples [--measure] [beam] [spark] [bigquery-ml]
#
# Spark needs Java 17. bigquery-ml needs Python 3.10, the others 3.11.
set -euo pipefail

examples=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ORT_DISABLE_TELEMETRY=1 PYTHONDONTWRITEBYTECODE=1

main() {
  local options=() engines=() argument
  for argument in "$@"; do
    if [[ $argument == --* ]]; then options+=("$argument"); else engines+=("$argument"); fi
  done
  for argument in "${options[@]+"${options[@]}"}"; do
    [[ $argument == --measure ]] || refuse "Unknown option '$argument': expected --measure."
  done
  for argument in "${engines[@]+"${engines[@]}"}"; do
    [[ $argument =~ ^(beam|spark|bigquery-ml)$ ]] || refuse "Unknown engine '$argument': expected beam, spark or bigquery-ml."
  done
  [[ ${#engines[@]} -gt 0 ]] || engines=(beam spark bigquery-ml)
  for argument in "${engines[@]}"; do
    check "$argument" ${options[@]+"${options[@]}"}
  done
}

refuse() {
  echo "$1" >&2
  exit 2
}

check() {
  local engine=$1 python
  shift
  python=$(find_python "$engine")
  if [[ $engine == spark ]] && ! command -v java >/dev/null; then
    echo "spark: java not found on the PATH: install Java 17 (Debian: openjdk-17-jre-headless)" >&2
    exit 1
  fi
  "$python" -m venv "$work/$engine"
  "$work/$engine/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    --requirement "$examples/$engine/requirements.txt"
  "$work/$engine/bin/python" "$examples/check.py" "$engine" "$@"
}

find_python() {
  local candidates=(python3.11 python3) found
  [[ $1 != bigquery-ml ]] || candidates=(python3.10)
  for found in "${candidates[@]}"; do
    if command -v "$found"; then return; fi
  done
  echo "$1: no Python found on the PATH: expected one of ${candidates[*]}" >&2
  exit 1
}

main "$@"
