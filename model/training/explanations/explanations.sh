#!/usr/bin/env bash
# Explains the Iris weights with the shap package in a fresh environment and replaces the explanations that the tests
# expect; with --check it only compares them. Run it after every training.
#
#   PYTHON=/path/to/python3.11 npm run train -- explanations [--check]
set -euo pipefail

export OMP_NUM_THREADS=1 PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
# Without this, ONNX Runtime sends usage data to its vendor.
export ORT_DISABLE_TELEMETRY=1

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
expected=test/fixtures/models/iris/explanations.json
mode=${1:-write}
if [[ $# -gt 1 || ($mode != write && $mode != --check) ]]; then
  echo "Expected --check or nothing, got \"$*\"." >&2
  exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3.11}" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  --require-hashes --only-binary :all: --requirement "$here/requirements.txt"
"$work/venv/bin/python" "$here/explanations.py" --out "$work/explanations.json"
if [[ $mode == --check ]]; then
  cmp "$work/explanations.json" "$here/../../../$expected"
  echo "same     $expected"
else
  cp "$work/explanations.json" "$here/../../../$expected"
  echo "wrote    $expected"
fi
