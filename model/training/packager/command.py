"""The command line of package_model: reads its arguments from a factory or from files, and prints its report."""

import argparse
import hashlib
import importlib
import io
import json
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import pandas as pd

from .about import About
from .agreement import Disagreement
from .columns import Unsupported
from .native import FORMATS
from .serving import NotServed


def run(package: Callable[..., dict[str, float]], description: str) -> None:
    """Reads the command line, packages the model, and prints how far the weights are from the estimator."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="output directory")
    parser.add_argument("--factory", help="module:function that returns the arguments of package_model as a dict")
    parser.add_argument("--trust-pickle", type=Path, help="a pickled estimator; loading a pickle executes code from it")
    parser.add_argument("--booster", type=Path, help=f"a model file of {FORMATS}")
    parser.add_argument("--sample", type=Path, help="CSV file of rows that it was fitted with")
    parser.add_argument("--about", type=Path, help="JSON file with name, title, description, intendedUse, limits …")
    arguments = read_arguments(parser)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            report = package(**arguments)
    except (Unsupported, Disagreement) as refusal:
        sys.exit(f"nothing written: {refusal}")
    for title, difference in report.items():
        print(f"{title}: at most {difference:.1e}" if "share" not in title else f"{title}: {difference:.1%}")
    for line in getattr(report, "public", []):
        print(f"public: {line}")
    for warning in caught:
        print(f"warning: {warning.message}", file=sys.stderr)
    is_served = not any(issubclass(warning.category, NotServed) for warning in caught)
    print(f"wrote {arguments['directory']}, {'checked' if is_served else 'not checked'} with the endpoint's runtime")


def read_arguments(parser: argparse.ArgumentParser) -> dict[str, Any]:
    """The arguments of package_model from a factory, or from a pickle, a CSV file and a JSON file about the model."""
    options = parser.parse_args()
    if options.factory is not None:
        sys.path.insert(0, str(Path.cwd()))
        module, _, name = options.factory.partition(":")
        return {"directory": options.out, **getattr(importlib.import_module(module), name)()}
    is_one = (options.trust_pickle is None) != (options.booster is None)
    if not is_one or options.sample is None or options.about is None:
        parser.error("expected --factory, or --trust-pickle or --booster with --sample and --about")
    about = {to_snake(key): value for key, value in json.loads(options.about.read_text(encoding="utf-8")).items()}
    return {
        "directory": options.out,
        "estimator": options.booster or load_trusted(options.trust_pickle),
        "sample": pd.read_csv(options.sample),
        "about": About(**about),
    }


def load_trusted(path: Path) -> Any:
    """The estimator in a pickle or a file of joblib; the caller passed --trust-pickle."""
    content = path.read_bytes()
    print(f"trusting {path}, sha256 {hashlib.sha256(content).hexdigest()}")
    return joblib.load(io.BytesIO(content))


def to_snake(key: str) -> str:
    """Turns `intendedUse`, as cards write it, into `intended_use`."""
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", key)
