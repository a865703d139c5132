"""Runs an example as its users do and compares every prediction with the golden one; with --measure it also times it.

    python deploy/examples/check.py beam --python /path/to/its/environment/bin/python [--measure]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODEL = HERE.parents[1] / "model"
TOLERANCE = 1e-6
FEW, MANY = 1_000, 400_000
# Beam's Python runner; the default runner downloads a separate program.
OPTIONS = {"beam": ["--runner=BundleBasedDirectRunner"], "spark": [], "bigquery-ml": []}


def main() -> None:
    """Exits with 1 when a prediction is missing or wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=OPTIONS)
    parser.add_argument("--python", default=sys.executable, help="Python of the example's environment")
    parser.add_argument("--measure", action="store_true", help=f"also time {FEW} and {MANY} rows")
    options = parser.parse_args()
    samples = read_samples()
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        seconds = run(options.engine, options.python, [instance for instance, _ in samples], work / "golden")
        wrong = find_wrong(samples, work / "golden")
        if wrong:
            instance, expected, actual = wrong[0]
            sys.exit(
                f"{options.engine}: {len(wrong)} of {len(samples)} predictions are wrong. "
                f"First: for {instance} expected {expected}, got {actual}"
            )
        print(f"{options.engine}: all {len(samples)} predictions match the golden samples, {seconds:.1f} s")
        if options.measure:
            measure(options.engine, options.python, [instance for instance, _ in samples], work)


def read_samples() -> list[tuple[dict[str, Any], Any]]:
    """Golden instances as objects, and their predictions."""
    card = json.loads((MODEL / "card.json").read_text(encoding="utf-8"))
    names = [feature["name"] for feature in card["features"]]
    samples = json.loads((MODEL / "samples.json").read_text(encoding="utf-8"))["samples"]
    return [(to_object(names, sample["instance"]), sample["prediction"]) for sample in samples]


def to_object(names: Sequence[str], instance: Any) -> dict[str, Any]:
    """An instance as an object; samples may also hold a list."""
    return instance if isinstance(instance, dict) else dict(zip(names, instance))


def run(engine: str, python: str, instances: Sequence[Mapping[str, Any]], output: Path) -> float:
    """Runs the example; returns the seconds it took, including its start."""
    output.mkdir()
    rows = output / "rows.jsonl"
    rows.write_text("".join(f"{json.dumps(instance)}\n" for instance in instances), encoding="utf-8")
    command = [python, str(HERE / engine / "predict.py"), "--model", str(MODEL), "--input", str(rows)]
    started = time.monotonic()
    done = subprocess.run(
        [*command, "--output", str(output / "predicted" / "part"), *OPTIONS[engine]],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{engine}: expected exit code 0, got {done.returncode}:\n{done.stderr[-3_000:]}")
    return time.monotonic() - started


def find_wrong(samples: Sequence[tuple[dict[str, Any], Any]], output: Path) -> list[Any]:
    """Golden samples with a wrong or missing prediction; engines write lines in any order."""
    answers: dict[str, Any] = {}
    for path in sorted((output / "predicted").rglob("*")):
        if path.suffix in (".jsonl", ".txt"):
            for line in path.read_text(encoding="utf-8").splitlines():
                pair = json.loads(line)
                answers[to_key(pair["instance"])] = pair["prediction"]
    return [
        (instance, prediction, answers.get(to_key(instance)))
        for instance, prediction in samples
        if not is_same(prediction, answers.get(to_key(instance)))
    ]


def to_key(instance: Mapping[str, Any]) -> str:
    """A key for an instance that does not depend on how an engine writes numbers."""
    return json.dumps({name: float(v) if isinstance(v, int | float) else v for name, v in instance.items()}, sort_keys=True)


def is_same(expected: Any, actual: Any) -> bool:
    """Whether two values are equal, with a tolerance for numbers."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict) or expected.keys() != actual.keys():
            return False
        return all(is_same(expected[key], actual[key]) for key in expected)
    if isinstance(expected, int | float):
        return isinstance(actual, int | float) and abs(expected - actual) <= TOLERANCE * max(1.0, abs(expected))
    return bool(expected == actual)


def measure(engine: str, python: str, instances: Sequence[Mapping[str, Any]], work: Path) -> None:
    """Takes the start time from a few rows, and the rate from the extra time for many."""
    few = run(engine, python, repeat(instances, FEW), work / "few")
    many = run(engine, python, repeat(instances, MANY), work / "many")
    rate = (MANY - FEW) / (many - few)
    print(f"{engine}: starts in {few:.1f} s, then {rate:,.0f} rows/s ({MANY:,} rows in {many:.1f} s)")


def repeat(instances: Sequence[Mapping[str, Any]], count: int) -> list[Mapping[str, Any]]:
    """The instances, repeated until there are `count`."""
    return [instances[at % len(instances)] for at in range(count)]


if __name__ == "__main__":
    main()
