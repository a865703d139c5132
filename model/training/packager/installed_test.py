"""What pip installs without a checkout packages a model on its own."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib.metadata import distributions
from pathlib import Path

import pytest

from packager.places import PROJECT, SCHEMA, read_served_runtime
from packager.requirements import MODULES

TRAINING = Path(__file__).parents[1]
MANIFEST = tomllib.loads((TRAINING / "pyproject.toml").read_text(encoding="utf-8"))
(BUILDER,) = MANIFEST["build-system"]["requires"]
PROGRAM = """
import json, sys, warnings
import numpy as np
from sklearn.linear_model import Ridge
import package_model

rows = np.arange(60.0).reshape(20, 3) ** 0.5
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always", package_model.NotServed)
    package_model.package_model(Ridge().fit(rows, rows[:, 0]), rows, "model")
try:
    package_model.package_model(Ridge().fit(rows, rows[:, 0]), rows, "served", serve=True)
except package_model.Unsupported as refusal:
    print(json.dumps([package_model.__file__, [str(each.message) for each in seen], str(refusal)]))
"""


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def install(place: Path) -> Path:
    """Installs a wheel of the packager into a new environment, which borrows the packages of this one."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    # pip builds in the sources' own directory, so these are a copy.
    sources = shutil.copytree(TRAINING, place / "checkout" / "model" / "training")
    shutil.copy(SCHEMA, sources.parent)
    run(*pip, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", place, sources, cwd=place)
    venv.create(place / "venv")
    paths = {"base": str(place / "venv"), "platbase": str(place / "venv")}
    packages = Path(sysconfig.get_path("purelib", "venv", paths))
    borrowed = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    (wheel,) = place.glob("*.whl")
    run(*pip, "install", "--no-deps", "--no-index", "--target", packages, wheel, cwd=place)
    return Path(sysconfig.get_path("scripts", "venv", paths)) / "python"


@pytest.mark.skipif(
    BUILDER not in {f"{each.name}=={each.version}" for each in distributions()},
    reason=f"{BUILDER}, which builds the wheel, is not installed: install packager/requirements.txt",
)
def test_an_installed_wheel_packages_a_model(tmp_path: Path) -> None:
    python = install(tmp_path)
    place, warned, refused = json.loads(run(python, "-I", "-c", PROGRAM, cwd=tmp_path))
    assert Path(place).is_relative_to(tmp_path / "venv")
    written = {path.name: path.read_bytes() for path in (tmp_path / "model").iterdir()}
    assert sorted(written) == ["card.json", "card.schema.json", "model.onnx", "samples.json"]
    assert written["card.schema.json"] == SCHEMA.read_bytes()
    (warning,) = warned
    assert "the packager is installed without it. In a checkout of the endpoint, run npm ci and npm run build" in warning
    assert "the model was written, but cannot be served from here: the packager is installed without" in refused


def test_a_python_without_the_packages_says_what_to_install(tmp_path: Path) -> None:
    venv.create(tmp_path)
    python = Path(sysconfig.get_path("scripts", "venv", {"base": str(tmp_path), "platbase": str(tmp_path)})) / "python"
    said = f"{re.escape(str(python))} lacks jsonschema, numpy, onnx, .*: install the packager .* model/training/packager/requirements.txt"
    command, program = (
        subprocess.run([str(python), *words], cwd=TRAINING, capture_output=True, text=True, check=False)
        for words in (["package_model.py", "--help"], ["-c", "import package_model"])
    )
    assert command.returncode == 1
    assert re.fullmatch(f"{said}.*\n", command.stderr)
    assert re.search(f"\nImportError: {said}", program.stderr)


def test_all_that_pip_installs_is_required() -> None:
    modules = {"scikit-learn": "sklearn"}
    names = [each.split("==")[0] for each in MANIFEST["project"]["dependencies"]]
    assert sorted(modules.get(name, name) for name in names) == sorted(MODULES)


def test_the_package_pins_the_runtime_that_serves() -> None:
    assert f"onnxruntime=={read_served_runtime()}" in MANIFEST["project"]["dependencies"]
    assert SCHEMA == PROJECT / "model" / "card.schema.json"
