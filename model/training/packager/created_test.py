"""`npm run create` makes a project of a pickle, which serves what the estimator answers and can package again."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import joblib
import pytest
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier

from packager.places import PROJECT

CREATE = PROJECT / "deploy" / "create" / "main.mjs"


def test_a_project_of_a_pickle_passes_its_tests(tmp_path: Path) -> None:
    """With the Python of this environment."""
    if shutil.which("npm") is None or not CREATE.exists():
        pytest.skip("needs npm and a checkout")
    rows, kinds = load_wine(return_X_y=True, as_frame=True)
    rows = rows[["alcohol", "hue", "proline"]]
    joblib.dump(RandomForestClassifier(20, random_state=0, n_jobs=1).fit(rows, kinds), tmp_path / "wine.joblib")
    rows.to_csv(tmp_path / "wine.csv", index=False)
    words = ["wine", "--trust-pickle", "wine.joblib", "--sample", "wine.csv", "--python", sys.executable]
    run(["node", str(CREATE), *words], tmp_path)
    project = tmp_path / "wine"
    card = json.loads((project / "model" / "card.json").read_text(encoding="utf-8"))
    assert [card["name"], [feature["name"] for feature in card["features"]]] == ["wine", ["alcohol", "hue", "proline"]]
    assert "# todo 0\n" in run(["npm", "test"], project)


def run(command: list[str], directory: Path) -> str:
    """What the command prints; it must succeed."""
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=600, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
