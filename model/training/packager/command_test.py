"""The command packages from a shell, and the programs of the guides work."""

import hashlib
import inspect
import json
import pickle
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import joblib
import pandas as pd
import pytest
from sklearn.linear_model import Ridge

from package_model import About, package_model
from packager.fitted import ROWS, VALUES, read_json
from packager.progress import print_progress, tell

TRAINING = Path(__file__).parents[1]
DOCS = TRAINING.parents[1] / "docs"
SOURCES = ("scikit-learn", "xgboost", "lightgbm", "catboost")


def test_the_command_loads_no_pickle_that_it_was_not_told_to_trust(tmp_path: Path) -> None:
    rows = pd.DataFrame(ROWS, columns=["a", "b", "c"])
    content = pickle.dumps(Ridge().fit(rows, VALUES))
    (tmp_path / "ridge.pkl").write_bytes(content)
    rows.to_csv(tmp_path / "rows.csv", index=False)
    about = {"name": "ridge", "title": "Ridge", "description": "A line.", "intendedUse": "Tests."}
    (tmp_path / "about.json").write_text(json.dumps(about), encoding="utf-8")
    options = ["--out", "model", "--sample", "rows.csv", "--about", "about.json"]

    refused = run_command(tmp_path, *options)
    assert (refused.returncode, "expected --factory, or --trust-pickle or --booster" in refused.stderr) == (2, True)

    packaged = run_command(tmp_path, *options, "--trust-pickle", "ridge.pkl")
    assert packaged.returncode == 0, packaged.stderr
    assert hashlib.sha256(content).hexdigest() in packaged.stdout
    assert read_json(tmp_path / "model" / "card.json")["name"] == "ridge"


def test_the_command_takes_a_function_and_exits_1_when_nothing_was_written(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "def create():\n    return {'estimator': 'x', 'sample': [], 'about': None}\n"
        "def listed():\n    return [1]\n"
        "def divided():\n    return 1 / 0\n"
    )
    refused = run_command(tmp_path, "--out", "model", "--factory", "mine:create")
    assert refused.returncode == 1
    assert refused.stderr.startswith("nothing written: expected a fitted estimator, got 'x'")
    for function, message in (
        ("nothing", "--factory mine:nothing fails with AttributeError"),
        ("listed", r"--factory mine:listed returns \[1\]: expected a dict of the arguments of package_model"),
        ("divided", r"--factory mine:divided fails with ZeroDivisionError: division by zero \(mine.py, line 6\)"),
    ):
        refused = run_command(tmp_path, "--out", "model", "--factory", f"mine:{function}")
        assert refused.returncode == 1
        assert re.match(f"nothing written: {message}", refused.stderr)


def test_the_command_speaks_json_to_machines(tmp_path: Path) -> None:
    rows = pd.DataFrame(ROWS, columns=["größe (cm)", "b", "c"])
    joblib.dump(Ridge().fit(rows, VALUES), tmp_path / "ridge.joblib")
    rows.to_csv(tmp_path / "rows.csv", index=False)
    (tmp_path / "about.json").write_text(json.dumps({"name": "r", "title": "R", "description": "R", "intendedUse": "R"}))
    options = ["--out", "model", "--about", "about.json", "--json", "--trust-pickle", "ridge.joblib", "--sample"]
    packaged = json.loads(run_command(tmp_path, *options, "rows.csv").stdout)
    assert (packaged["written"], packaged["directory"], packaged["shares"]) == (True, "model", {})
    assert max(packaged["differences"].values()) <= 1e-6

    rows[["c", "b", "größe (cm)"]].to_csv(tmp_path / "turned.csv", index=False)
    (tmp_path / "broken.joblib").write_bytes(b"\x80\x04nothing")
    (tmp_path / "rows.xlsx").write_bytes(b"PK\x03\x04\x14\x00\xd5")
    rows.to_csv(tmp_path / "semicolons.csv", sep=";", index=False)
    (tmp_path / "latin.csv").write_bytes("größe (cm),b,c\n".encode("latin-1"))
    for last, message in (
        ("turned.csv", "the sample has its columns in another order"),
        ("none.csv", "none.csv cannot be read: No such file"),
        ("rows.xlsx", "rows.xlsx cannot be read: expected CSV, got an Excel workbook: save its rows as CSV$"),
        ("semicolons.csv", "expected commas between columns and points in numbers, got columns separated by ';'$"),
        ("latin.csv", "latin.csv cannot be read: expected UTF-8, got the byte 0xf6 at 2: save it as CSV in UTF-8$"),
    ):
        refused = run_command(tmp_path, *options, last)
        answer = json.loads(refused.stdout)
        assert (refused.returncode, answer["written"], answer["reason"]) == (1, False, "Unsupported")
        assert re.search(message, answer["message"])
    for content, message in (
        ("[1]", r"about.json cannot be read: expected an object with name.*got \[1\]"),
        ("{", "about.json cannot be read"),
        ('{"intendedUze": ""}', r"there is no member 'intendedUze' \(did you mean \"intendedUse\"\?\): expected name, title, "),
        ('{"name": "r", "title": "R"}', "about.json cannot be read: expected description, intendedUse beside name, title$"),
    ):
        (tmp_path / "about.json").write_text(content, encoding="utf-8")
        assert re.search(message, json.loads(run_command(tmp_path, *options, "rows.csv").stdout)["message"])
    broken = run_command(tmp_path, *options[:2], *options[4:], "rows.csv", "--trust-pickle", "broken.joblib")
    assert re.search("broken.joblib cannot be loaded: .*Expected a file of joblib.dump", json.loads(broken.stdout)["message"])


def test_long_packagings_name_their_steps(capsys: pytest.CaptureFixture[str]) -> None:
    tell("heard by nobody")
    with print_progress(silent_seconds=0):
        tell("comparing")
    with print_progress(silent_seconds=60):
        tell("too soon")
    assert capsys.readouterr().err == "0 s: comparing\n"


def read_guide(source: str, part: str = "Package it") -> str:
    """A section of the guide for a kind of model."""
    return (DOCS / "guides" / f"{source}.md").read_text(encoding="utf-8").split(f"\n## {part}\n")[1].split("\n## ")[0]


def read_blocks(language: str, text: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def run_program(program: str, directory: Path) -> None:
    (directory / "guide.py").write_text(program, encoding="utf-8")
    environment = {"PYTHONPATH": str(TRAINING), "ORT_DISABLE_TELEMETRY": "1", "PATH": ""}
    subprocess.run([sys.executable, "guide.py"], cwd=directory, env=environment, check=True)


@pytest.mark.parametrize(("source", "snippet"), [(each, snippet) for each in SOURCES for snippet in read_blocks("python", read_guide(each))])
def test_the_snippets_of_the_guides_work(source: str, snippet: str, tmp_path: Path) -> None:
    if source == "catboost":
        pytest.importorskip("catboost", reason="packager/catboost.txt has CatBoost")
    run_program(snippet, tmp_path)
    assert (tmp_path / "model" / "model.onnx").exists()


def test_the_commands_of_the_guide_package_a_pickle_and_what_a_function_returns(tmp_path: Path) -> None:
    part = read_guide("scikit-learn", "A pickle")
    writing, creating = read_blocks("python", part)
    commands = [shlex.split(each) for each in read_blocks("sh", part)]
    run_program(writing, tmp_path)
    (tmp_path / "training.py").write_text(creating, encoding="utf-8")
    assert len(commands) == 2
    for program, script, *arguments in commands:
        assert (program, script) == (".venv/bin/python", "model/training/package_model.py")
        packaged = run_command(tmp_path, *arguments)
        assert packaged.returncode == 0, packaged.stderr
        assert (tmp_path / "model" / "model.onnx").exists()
        shutil.rmtree(tmp_path / "model")


def test_the_reference_has_every_argument_field_and_option(tmp_path: Path) -> None:
    tables = re.split(r"^## ", (DOCS / "reference" / "package-model.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    arguments, about, command = (re.findall(r"^\| `([^`]+)`", table, re.MULTILINE) for table in tables[:3])
    assert arguments == list(inspect.signature(package_model).parameters)
    assert about == [each.name for each in fields(About)]
    options = re.findall(r"^  (--\w[\w-]*)", run_command(tmp_path, "--help").stdout, re.MULTILINE)
    assert sorted(command) == sorted(options)


def run_command(directory: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs the command as a shell does."""
    command = [sys.executable, str(TRAINING / "package_model.py"), *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
