"""The page of prices has what the command measures, and its ratios belong to its figures."""

import re
from pathlib import Path

import pytest

from packager import serving
from packager.fitted import FITTED
from packager.price import DOCUMENT, HEAD, TOLERANCE, measure

CELL = r"([\d ]+) → ([\d ]+) \| (\d+\.\d\d)"


def read_cells(text: str) -> list[tuple[float, float, float]]:
    """Pairs of figures with their ratio."""
    return [(float(first.replace(" ", "")), float(second.replace(" ", "")), float(ratio)) for first, second, ratio in re.findall(CELL, text)]


@pytest.mark.skipif(serving.find_obstacle() is not None, reason="npm ci and npm run build have not run")
def test_both_precisions_are_timed_with_the_runtime_that_serves(tmp_path: Path) -> None:
    one, many, size = read_cells(measure(*FITTED["ridge"], tmp_path))
    assert many[0] > one[0] > 0
    assert many[1] > one[1] > 0
    assert size[:2] == tuple((tmp_path / each / "model.onnx").stat().st_size for each in ("float32", "float64"))


def test_the_page_is_what_the_command_writes() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    assert page.startswith(HEAD.format(tolerance=TOLERANCE))
    lines = page.removeprefix(HEAD.format(tolerance=TOLERANCE)).splitlines()
    assert len(lines) == 5
    for line in lines:
        _, _, (float32, float64, ratio) = read_cells(line)
        assert ratio == pytest.approx(float32 / float64, abs=0.006)
