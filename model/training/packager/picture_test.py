"""A difference is drawn: each row, those that differ apart, along the feature that tells most."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from package_model import About, Disagreement, package_model

ABOUT = About(name="prices", title="Prices", description="A line.", intended_use="Tests.")
FACTORY = """
import numpy as np
from sklearn.linear_model import LinearRegression

rows = np.column_stack([np.arange(1, 41) * 1e6 + 0.123, np.linspace(0, 1, 40)])


def create():
    return {"estimator": LinearRegression().fit(rows, rows @ [1.0, 3.0]), "sample": rows, "precision": "float32", "tolerance": 1e-9}
"""


def test_a_difference_is_drawn_along_the_feature_that_causes_it(tmp_path: Path) -> None:
    rows = np.column_stack([np.arange(1, 41) * 1e6 + 0.123, np.linspace(0, 1, 40)])
    estimator = LinearRegression().fit(rows, rows @ [1.0, 3.0])
    with pytest.raises(Disagreement) as refusal:
        package_model(estimator, rows, tmp_path / "model", about=ABOUT, precision="float32", tolerance=1e-9)
    found = re.search(r"(\d+) of 40 rows of the sample differ", str(refusal.value))
    assert found is not None
    picture = ElementTree.fromstring(refusal.value.picture)
    assert refusal.value._repr_svg_() == refusal.value.picture
    circles = [each.get("class") for each in picture.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(circles) == 40
    assert circles.count("off") == int(found.group(1))
    titles = [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text") if each.get("class") == "title"]
    assert titles == [f"rows of the sample: {found.group(1)} of 40 differ by more than 1e-09", "x0"]


def test_the_command_writes_it_where_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(FACTORY, encoding="utf-8")
    package = Path(__file__).parents[1] / "package_model.py"
    words = ["--out", "model", "--factory", "mine:create", "--picture", "difference.svg"]
    done = subprocess.run([sys.executable, package, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "drawn in difference.svg" in done.stderr
    ElementTree.parse(tmp_path / "difference.svg")


@pytest.mark.parametrize("values", [[-1.7e308, 1.7e308], [2.0, 2.0]])
def test_numbers_of_any_size_have_a_place(values: list[float]) -> None:
    from packager.picture import scale

    places = scale(np.array(values), 10, 90)
    assert ((places >= 10) & (places <= 90)).all()
