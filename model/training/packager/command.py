"""The command line of package_model: reads its arguments from a factory or from files, and prints its report."""

import argparse
import hashlib
import importlib
import io
import json
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import joblib
import pandas as pd

from .about import About
from .agreement import Disagreement
from .answers import first_line
from .columns import Unsupported
from .native import FORMATS
from .progress import print_progress
from .serving import NotServed
from .unforeseen import show_failure
from .validity import shorten

# What people take for CSV, by its first bytes: pandas would only name a byte of it.
OTHER_TABLES = {
    b"PK\x03\x04": "an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"PAR1": "a Parquet file",
    b"ARRO": "an Arrow file",
}


def run(package: Callable[..., dict[str, float]], description: str) -> None:
    """Reads the command line, packages the model, and prints how far the weights are from the estimator."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="output directory")
    parser.add_argument("--factory", help="module:function that returns the arguments of package_model as a dict")
    parser.add_argument("--trust-pickle", type=Path, help="a pickled estimator; loading a pickle executes code from it")
    parser.add_argument("--booster", type=Path, help=f"a model file of {FORMATS}")
    parser.add_argument("--sample", type=Path, help="CSV file of rows that it was fitted with")
    parser.add_argument("--about", type=Path, help="JSON file with name, title, description, intendedUse, limits …; inferred without it")
    parser.add_argument("--json", action="store_true", help="print one JSON object, also for a refusal; notes go to stderr")
    parser.add_argument("--picture", type=Path, help="where to draw a difference, as SVG, if the model is refused for one")
    options = parser.parse_args()
    try:
        arguments = read_arguments(parser, options)
        with warnings.catch_warnings(record=True) as caught, print_progress():
            warnings.simplefilter("default")
            report = package(**arguments)
    except (Unsupported, Disagreement) as refusal:
        picture = getattr(refusal, "picture", "")
        if options.picture is not None and picture != "":
            options.picture.write_text(picture, encoding="utf-8")
            print(f"drawn in {options.picture}", file=sys.stderr)
        if not options.json:
            sys.exit(f"nothing written: {refusal}")
        print(json.dumps({"written": False, "reason": type(refusal).__name__, "message": str(refusal)}, ensure_ascii=False))
        sys.exit(1)
    is_served = not any(issubclass(warning.category, NotServed) for warning in caught)
    if options.json:
        print(json.dumps(describe(report, arguments["directory"], caught, is_served=is_served), ensure_ascii=False))
        return
    print_report(report, caught)
    print(f"wrote {arguments['directory']}, {'checked' if is_served else 'not checked'} with the endpoint's runtime")


def print_report(report: Any, caught: Sequence[Any]) -> None:
    """The summary, and warnings."""
    print(report)
    for warning in caught:
        print(f"warning: {warning.message}", file=sys.stderr)


def describe(report: Any, directory: Path, caught: Sequence[Any], *, is_served: bool) -> dict[str, Any]:
    """What was written, for machines."""
    return {
        "written": True,
        "directory": str(directory),
        "differences": {title: number for title, number in report.items() if "share" not in title},
        "shares": {title: number for title, number in report.items() if "share" in title},
        "notes": list(getattr(report, "notes", [])),
        "public": list(getattr(report, "public", [])),
        "checkedByEndpoint": is_served,
        "warnings": [str(warning.message) for warning in caught],
    }


def read_arguments(parser: argparse.ArgumentParser, options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of package_model from a factory, or from a pickle, a CSV file and a JSON file about the model."""
    if options.factory is not None:
        sys.path.insert(0, str(Path.cwd()))
        return {"directory": options.out, **call_factory(options.factory)}
    is_one = (options.trust_pickle is None) != (options.booster is None)
    if not is_one or options.sample is None:
        parser.error("expected --factory, or --trust-pickle or --booster with --sample")
    return {"directory": options.out, **read_files(options)}


def call_factory(address: str) -> dict[str, Any]:
    """What the function `module:function` returns."""
    module, _, name = address.partition(":")
    try:
        arguments = getattr(importlib.import_module(module), name)()
    except Exception as failure:
        raise Unsupported(
            f"--factory {address} fails with {show_failure(failure)}. Expected module:function, found from {Path.cwd()}"
        ) from failure
    if isinstance(arguments, dict):
        return arguments
    raise Unsupported(
        f"--factory {address} returns {shorten(arguments)}: expected a dict of the arguments of package_model, "
        'such as {"estimator": …, "sample": …}'
    )


def read_files(options: argparse.Namespace) -> dict[str, Any]:
    """The estimator or the path of a booster, its sample, and what is said about it."""
    content = b"" if options.trust_pickle is None else read(options.trust_pickle, Path.read_bytes)
    sample = read(options.sample, read_rows)
    about = None if options.about is None else read(options.about, read_about)
    if options.trust_pickle is not None:
        digest = hashlib.sha256(content).hexdigest()
        print(f"trusting {options.trust_pickle}, sha256 {digest}", file=sys.stderr if options.json else sys.stdout)
    return {"estimator": options.booster or load_trusted(options.trust_pickle, content), "sample": sample, "about": about}


def read(path: Path, reader: Callable[[Path], Any]) -> Any:
    """What a reader makes of a file."""
    try:
        return reader(path)
    except (OSError, ValueError, TypeError) as failure:
        reason = getattr(failure, "strerror", None) or first_line(failure)
        raise Unsupported(f"{path} cannot be read: {reason}") from failure


def read_rows(path: Path) -> pd.DataFrame:
    """The rows of a CSV file."""
    with path.open("rb") as file:
        kind = OTHER_TABLES.get(file.read(4))
    # pandas unpacks a file of this name.
    if kind is not None and path.suffix != ".zip":
        raise ValueError(f"expected CSV, got {kind}: save its rows as CSV")
    try:
        rows = pd.read_csv(path)
    except UnicodeDecodeError as failure:
        raise ValueError(f"expected UTF-8, got the byte {failure.object[failure.start]:#x} at {failure.start}: save it as CSV in UTF-8") from failure
    # Spreadsheets write CSV so where numbers have decimal commas.
    separator = next((each for each in ";\t|" if each in str(rows.columns[0])), None)
    if separator is not None and len(rows.columns) == 1:
        raise ValueError(f"expected commas between columns and points in numbers, got columns separated by {separator!r}")
    return rows


def read_about(path: Path) -> About:
    """What an object in JSON says about the model, in the words of cards."""
    about = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(about, dict):
        raise TypeError(f"expected an object with name, title, description and intendedUse, got {shorten(about)}")
    known = {to_camel(each.name): each for each in fields(About)}
    given = {to_camel(key): value for key, value in about.items()}
    for key in given:
        if key not in known:
            meant = "".join(f' (did you mean "{each}"?)' for each in get_close_matches(key, known, n=1))
            raise ValueError(f"there is no member {shorten(key)}{meant}: expected {', '.join(known)}")
    missing = [key for key, each in known.items() if each.default is each.default_factory is MISSING and key not in given]
    if missing:
        raise ValueError(f"expected {', '.join(missing)} beside {', '.join(given) or 'nothing'}")
    return About(**{known[key].name: value for key, value in given.items()})


def load_trusted(path: Path, content: bytes) -> Any:
    """The estimator in a pickle or a file of joblib; the caller passed --trust-pickle."""
    try:
        return joblib.load(io.BytesIO(content))
    except Exception as failure:
        raise Unsupported(
            f"{path} cannot be loaded: {type(failure).__name__}: {first_line(failure)}. "
            "Expected a file of joblib.dump or pickle; install what it was written with, or package it where it was fitted"
        ) from failure


def to_camel(name: str) -> str:
    """Turns `intended_use` into `intendedUse`, as cards write it."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
