#!/usr/bin/env bash
# npm run train -- [model|explanations|packager|frameworks|table|price] [--with CAPTURES] [--check]
set -euo pipefail

training=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'TEXT'
usage: npm run train -- [model] [--with CAPTURES] [--check]
       npm run train -- explanations [--check]
       npm run train -- packager
       npm run train -- frameworks
       npm run train -- table [NAME …]
       npm run train -- price

model trains Iris in a fresh environment with pinned packages and replaces the files in model/. With --with CAPTURES, a directory
(docs/guides/loop.md), it adds rows with feedback to the training data and writes the next version to model/candidate/.
explanations computes what the tests expect of explanations with the shap package; run it after each training.
packager tests package_model with every kind of estimator that it takes, and with Keras on TensorFlow.
frameworks tests it with PyTorch, Transformers, and Keras on PyTorch; that installs 6 GB.
table packages every estimator of scikit-learn and many pipelines, and writes docs/reference/estimators.md and pipelines.md,
with one process per core (--jobs N); with names, it prints the results for these.
price times float32 against float64 with the serving runtime and writes docs/reference/precision.md; run npm ci first, on a quiet machine.
--check compares with the committed files and writes nothing; packager and frameworks never write.
PYTHON names the interpreter; 3.11.7 reproduces the committed bytes.
TEXT
}

for word in "$@"; do
  if [[ $word == --help || $word == -h ]]; then
    usage
    exit
  fi
done
subject=model
if [[ $# -gt 0 && $1 != -* ]]; then
  subject=$1
  shift
fi
case $subject in
  packager | frameworks | price)
    if [[ $# -gt 0 ]]; then
      echo "Expected no words behind $subject, got \"$*\"." >&2
      exit 2
    fi
    ;;
esac
case $subject in
  model) exec bash "$training/train.sh" "$@" ;;
  explanations) exec bash "$training/explanations/explanations.sh" "$@" ;;
  packager) exec bash "$training/packager/check.sh" ;;
  frameworks) exec bash "$training/packager/check.sh" frameworks ;;
  table) exec bash "$training/packager/check.sh" table "$@" ;;
  price) exec bash "$training/packager/check.sh" price ;;
esac
{
  echo "Unknown subcommand \"$subject\"."
  echo
  usage
} >&2
exit 2
