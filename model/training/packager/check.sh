#!/usr/bin/env bash
# Tests package_model in a fresh environment of its pins.
#
#   PYTHON=/path/to/python3.11 model/training/packager/check.sh
set -euo pipefail

# Nothing that could reorder a sum, and no files beside the sources.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
# ONNX Runtime sends usage data to its vendor unless this is set.
export ORT_DISABLE_TELEMETRY=1

packager=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if ! python=${PYTHON:-$(command -v python3.11 || command -v python3)}; then
  echo "python: none found; name one in PYTHON" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  --require-hashes --only-binary :all: --requirement "$packager/requirements.txt"
echo "environment: ready after ${SECONDS} s"
# What is packaged is opened by the endpoint's own check, where npm ci has run.
project=$packager/../../..
if [[ -d $project/node_modules/typescript ]]; then (cd "$project" && npm run --silent build); fi
"$work/venv/bin/python" -m pytest --quiet -p no:cacheprovider "$packager"
