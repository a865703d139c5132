"""Runs an example as its users do, and compares every prediction with the golden answer; with --measure it times it.

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
# The Python runner of Beam; the default one fetches a program of its own.
OPTIONS = {"beam": ["--runner=BundleBasedDirectRunner"], "spark": [], "bigquery-ml": []}


def main() -> None:
    """Exits 1 when a prediction is missing or another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=OPTIONS)
    parser.add_argument("--python", default=sys.executable, help="of the environment of the example")
    parser.add_argument("--measure", action="store_true", help=f"times {FEW} and {MANY} rows")
    options = parser.parse_args()
    samples = read_samples()
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        seconds = run(options.engine, options.python, [instance for instance, _ in samples], work / "golden")
        wrong = find_wrong(samples, work / "golden")
        if wrong:
            sys.exit(f"{options.engine}: {len(wrong)} of {len(samples)} predictions are not the golden ones: {wrong[0]}")
        print(f"{options.engine}: {len(samples)} predictions are the golden ones, {seconds:.1f} s")
        if options.measure:
            measure(options.engine, options.python, [instance for instance, _ in samples], work)


def read_samples() -> list[tuple[dict[str, Any], Any]]:
    """Golden instances as objects, and their predictions."""
    card = json.loads((MODEL / "card.json").read_text(encoding="utf-8"))
    names = [feature["name"] for feature in card["features"]]
    samples = json.loads((MODEL / "samples.json").read_text(encoding="utf-8"))["samples"]
    return [(to_object(names, sample["instance"]), sample["prediction"]) for sample in samples]


def to_object(names: Sequence[str], instance: Any) -> dict[str, Any]:
    """Samples may give an instance in either form."""
    return instance if isinstance(instance, dict) else dict(zip(names, instance))


def run(engine: str, python: str, instances: Sequence[Mapping[str, Any]], output: Path) -> float:
    """Seconds that the example took, its start among them."""
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
        sys.exit(f"{engine} ended with {done.returncode}:\n{done.stderr[-3_000:]}")
    return time.monotonic() - started


def find_wrong(samples: Sequence[tuple[dict[str, Any], Any]], output: Path) -> list[Any]:
    """Golden samples that were answered otherwise or not; engines give lines in any order."""
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
    """The same text for the same instance, however an engine writes its numbers."""
    return json.dumps({name: float(v) if isinstance(v, int | float) else v for name, v in instance.items()}, sort_keys=True)


def is_same(expected: Any, came: Any) -> bool:
    """Equal but for the tolerance in numbers."""
    if isinstance(expected, dict):
        return isinstance(came, dict) and expected.keys() == came.keys() and all(is_same(expected[k], came[k]) for k in expected)
    if isinstance(expected, int | float):
        return isinstance(came, int | float) and abs(expected - came) <= TOLERANCE * max(1.0, abs(expected))
    return bool(expected == came)


def measure(engine: str, python: str, instances: Sequence[Mapping[str, Any]], work: Path) -> None:
    """The start is what few rows take, the rate is what more rows take beyond that."""
    few = run(engine, python, repeat(instances, FEW), work / "few")
    many = run(engine, python, repeat(instances, MANY), work / "many")
    rate = (MANY - FEW) / (many - few)
    print(f"{engine}: starts in {few:.1f} s, then {rate:,.0f} rows/s ({MANY:,} rows in {many:.1f} s)")


def repeat(instances: Sequence[Mapping[str, Any]], count: int) -> list[Mapping[str, Any]]:
    """So many instances."""
    return [instances[at % len(instances)] for at in range(count)]


if __name__ == "__main__":
    main()
