#!/usr/bin/env bash
# Trains the Iris model in a fresh environment and replaces its files in model/ and in test/fixtures/; with --check it
# only compares them. If model/ holds another model, its files are not compared.
#
#   PYTHON=/path/to/python3.11 npm run train -- model [--check]
set -euo pipefail

readonly SERVED=(model.onnx card.json samples.json)

# One thread and a fixed hash seed, so no sum is reordered; no .pyc files next to the sources.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
# Without this, ONNX Runtime sends usage data to its vendor.
export ORT_DISABLE_TELEMETRY=1

training=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
model=$(dirname "$training")
project=$(dirname "$model")
fixture=$project/test/fixtures/models/iris

main() {
  local mode=${1:-write}
  if [[ $# -gt 1 || ($mode != write && $mode != --check) ]]; then
    echo "usage: npm run train -- model [--check]" >&2
    exit 2
  fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT

  create_environment
  "$work/venv/bin/python" "$training/train.py" --out "$work/out"
  if [[ $mode == --check ]]; then
    (cd "$training" && "$work/venv/bin/python" -m unittest --quiet)
    compare
  else
    replace
  fi
}

create_environment() {
  local python version
  if ! python=${PYTHON:-$(command -v python3.11 || command -v python3)}; then
    echo "python: expected python3.11 or python3 on the PATH, found neither; set PYTHON to its path" >&2
    exit 1
  fi
  version=$("$python" -c 'import platform; print(platform.python_version())')
  report_python "$version"
  "$python" -m venv "$work/venv"
  "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement "$training/requirements.txt"
  echo "environment: ready after ${SECONDS} s"
}

# The card records the Python version, so with another version at least card.json differs.
report_python() {
  local wanted
  wanted=$(sed -n 's/^ *"python": "\(.*\)".*/\1/p' "$fixture/card.json" 2>/dev/null || true)
  echo "python: $1"
  if [[ -n $wanted && $wanted != "$1" ]]; then
    echo "python: expected $wanted, which wrote the card, got $1; card.json will differ" >&2
  fi
}

replace() {
  local target
  for target in "$fixture"/{model.onnx,card.json,samples.json,parity.json} "${SERVED[@]/#/$model/}"; do
    cp "$work/out/${target##*/}" "$target"
    echo "wrote    ${target#"$project"/}"
  done
  echo "done in ${SECONDS} s"
}

compare() {
  local target differing=0 targets=("$fixture"/{model.onnx,card.json,samples.json,parity.json})
  if grep -q '^  "name": "iris",$' "$model/card.json"; then
    targets+=("${SERVED[@]/#/$model/}")
  else
    echo 'model/ holds another model, which is not compared'
  fi
  for target in "${targets[@]}"; do
    if cmp -s "$work/out/${target##*/}" "$target"; then
      echo "same     ${target#"$project"/}"
    else
      echo "DIFFERS  ${target#"$project"/}"
      differing=$((differing + 1))
    fi
  done
  echo "done in ${SECONDS} s, $differing of ${#targets[@]} files differ"
  [[ $differing -eq 0 ]]
}

main "$@"
