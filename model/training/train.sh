#!/usr/bin/env bash
# Trains the Iris model in a fresh environment and replaces its files in model/ and in test/fixtures/; with --check it
# only compares them. If model/ holds another model, its files are not compared.
#
# With captures it learns from them, too, and writes the next version to model/candidate/; --check then compares with
# the candidate or, without one, with the model that it has become.
#
#   PYTHON=/path/to/python3.11 npm run train -- model [--with CAPTURES] [--check]
#
# TRAINING_ENVIRONMENT names a directory to keep the environment in, for trainings that follow each other.
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
  read_options "$@"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  if [[ -n $captures ]]; then read_captures; fi

  create_environment
  "$environment/bin/python" "$training/train.py" --out "$work/out" "${inputs[@]}"
  if [[ $mode == --check && -z $captures ]]; then
    (cd "$training" && "$environment/bin/python" -m unittest --quiet)
  fi
  list_targets
  if [[ $mode == --check ]]; then compare; else replace; fi
}

read_options() {
  mode=write captures='' inputs=() targets=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --check) mode=--check ;;
      --with)
        [[ $# -gt 1 && -d $2 ]] || refuse "--with is '${2-}': expected a directory of captures."
        captures=$2
        shift
        ;;
      *) refuse "Unknown option '$1': expected --with CAPTURES or --check." ;;
    esac
    shift
  done
}

refuse() {
  echo "$1" >&2
  exit 2
}

# The rows to learn from, and the version of the candidate: the next one.
read_captures() {
  local name version
  candidate=$model/candidate
  if [[ $mode == --check && ! -f $candidate/card.json ]]; then candidate=$model; fi
  name=$(member name "$model/card.json")
  [[ $name == iris ]] || refuse "model/ holds $name: expected iris, which is what this command trains. \`npm run loop -- rows\` gives rows for your own training."
  version=$(member version "$model/card.json")
  if [[ $mode == --check ]]; then
    version=$(member version "$candidate/card.json")
  elif [[ $version =~ ^[0-9]+$ ]]; then
    version=$((version + 1))
  else
    version=$version-next
  fi
  (cd "$project" && npm run --silent build)
  node "$project/dist/commands/loop/main.js" rows "$captures" --model "$model" --out "$work/rows.ndjson"
  inputs=(--with "$work/rows.ndjson" --version "$version")
}

# member NAME CARD: a text member of a card, as this training writes it.
member() {
  sed -n "s/^  \"$1\": \"\(.*\)\",\$/\1/p" "$2"
}

create_environment() {
  local python version
  if ! python=${PYTHON:-$(command -v python3.11 || command -v python3)}; then
    echo "python: expected python3.11 or python3 on the PATH, found neither; set PYTHON to its path" >&2
    exit 1
  fi
  version=$("$python" -c 'import platform; print(platform.python_version())')
  report_python "$version"
  environment=${TRAINING_ENVIRONMENT:-$work/venv}
  # Written once all is installed, with what was.
  if cmp -s "$training/requirements.txt" "$environment/installed.txt"; then return; fi
  if [[ -n $(ls -A "$environment" 2>/dev/null) && ! -f $environment/pyvenv.cfg ]]; then
    refuse "TRAINING_ENVIRONMENT: expected a directory for a Python environment, got $environment, which holds something else"
  fi
  "$python" -m venv --clear "$environment"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement "$training/requirements.txt"
  cp "$training/requirements.txt" "$environment/installed.txt"
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

# What is written, or compared.
list_targets() {
  if [[ -n $captures ]]; then
    targets=("${SERVED[@]/#/$candidate/}")
    return
  fi
  targets=("$fixture"/{model.onnx,card.json,samples.json,parity.json,held-out.json})
  if [[ $mode == --check && $(member name "$model/card.json") != iris ]]; then
    echo 'model/ holds another model, which is not compared'
  elif [[ $mode == --check ]] && grep -q '^    "captured": {$' "$model/card.json"; then
    echo 'model/ learned from captures, which --with names: it is not compared'
  else
    targets+=("${SERVED[@]/#/$model/}")
  fi
}

replace() {
  local target
  for target in "${targets[@]}"; do
    mkdir -p "$(dirname "$target")"
    cp "$work/out/${target##*/}" "$target"
    echo "wrote    ${target#"$project"/}"
  done
  echo "done in ${SECONDS} s"
}

compare() {
  local target differing=0
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
