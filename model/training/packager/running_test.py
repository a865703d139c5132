"""The endpoint that a notebook starts listens when its request is printed, or its own words say why it does not."""

import shutil
from pathlib import Path

import pytest

from package_model import Unsupported, package_model
from packager import running, serving
from packager.fitted import FITTED

pytestmark = pytest.mark.skipif(serving.find_obstacle() is not None, reason="npm ci and npm run build have not run")


def test_two_models_are_served_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package_model(*FITTED["ridge"], tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    servers = [running.start_server(tmp_path / name, [1.0, 2.0, 3.0]) for name in ("one", "other")]
    for server in servers:
        server.terminate()
        assert server.wait(timeout=10) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("curl localhost:")
    assert first.split("/")[0] != second.split("/")[0]


def test_a_server_that_does_not_start_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=r"the endpoint did not start: .*card\.json is missing"):
        running.start_server(tmp_path, [1.0])


def test_a_server_that_never_listens_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "silent.js").write_text("setInterval(() => {}, 1e6);", encoding="utf-8")
    monkeypatch.setattr(running, "SERVER", tmp_path / "silent.js")
    monkeypatch.setattr(running, "LONGEST_START_SECONDS", 0.5)
    with pytest.raises(Unsupported, match="did not start: it does not listen after 0.5 s"):
        running.start_server(tmp_path, [1.0])
