#!/usr/bin/env bash
# Tests package_model in a fresh environment with its pinned packages, or writes there the table of estimators or the price
# of double precision.
#
#   PYTHON=/path/to/python3.11 npm run train -- packager
#   PYTHON=/path/to/python3.11 npm run train -- frameworks
#   PYTHON=/path/to/python3.11 npm run train -- table [NAME …]
#   PYTHON=/path/to/python3.11 npm run train -- price
set -euo pipefail

# One thread and a fixed hash seed, so no sum is reordered; no .pyc files next to the sources.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
# Without this, ONNX Runtime sends usage data to its vendor.
export ORT_DISABLE_TELEMETRY=1

packager=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if ! python=${PYTHON:-$(command -v python3.11 || command -v python3)}; then
  echo "python: expected python3.11 or python3 on the PATH, found neither; set PYTHON to its path" >&2
  exit 1
fi
tests=$packager
case ${1:-} in
  table | price) pins=requirements.txt ;;
  # PyTorch comes with 5 GB for graphics cards: its tests run by hand.
  frameworks) pins=frameworks.txt tests=$packager/frameworks backend=torch ;;
  *) pins=keras.txt backend=tensorflow ;;
esac
# TensorFlow would tell what it finds in the processor.
export KERAS_BACKEND=${backend:-} TF_CPP_MIN_LOG_LEVEL=3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  --require-hashes --only-binary :all: --requirement "$packager/$pins"
echo "environment: ready after ${SECONDS} s"
# The endpoint's own check also runs on what is packaged, if npm ci has run.
project=$packager/../../..
if [[ -d $project/node_modules/typescript ]]; then (cd "$project" && npm run --silent build); fi
if [[ ${1:-} == table ]]; then
  # The table also has CatBoost, an optional package.
  "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --require-hashes --only-binary :all: --requirement "$packager/catboost.txt"
  "$work/venv/bin/python" -W ignore "$packager/table.py" "${@:2}"
  exit
fi
if [[ ${1:-} == price ]]; then
  "$work/venv/bin/python" -W ignore "$packager/price.py"
  exit
fi
# What is not installed is skipped, so it must be.
if [[ ${1:-} == frameworks ]]; then "$work/venv/bin/python" -c 'import keras, onnxscript, torch, transformers'; fi
"$work/venv/bin/python" -m pytest --quiet -p no:cacheprovider "$tests"
