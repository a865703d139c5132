"""Starts the endpoint with a packaged model, for a look from a notebook."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from .columns import Unsupported
from .places import PROJECT
from .serving import find_obstacle

SERVER = PROJECT / "dist" / "server.js"
LONGEST_START_SECONDS = 20.0


def start_server(directory: Path, instance: Any) -> "subprocess.Popen[bytes]":
    """Starts the endpoint on a free port and prints a request; whoever asked for it ends the process."""
    obstacle = find_obstacle()
    if obstacle is not None:
        raise Unsupported(f"the model was written, but cannot be served from here: {obstacle}")
    port = find_port()
    environment = {**os.environ, "PORT": str(port), "MODEL_DIR": str(directory.resolve()), "LOG_REQUESTS": "none"}
    server = subprocess.Popen([str(shutil.which("node")), str(SERVER)], env=environment, stdout=subprocess.DEVNULL)
    body = json.dumps({"instances": [instance]}, ensure_ascii=False)
    wait_for(server, f"http://localhost:{port}/openapi.json")
    print(f"curl localhost:{port}/predict --json '{body.replace(chr(39), chr(39) + chr(92) + chr(39) * 2)}'")
    return server


def find_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_for(server: "subprocess.Popen[bytes]", address: str) -> None:
    """Returns once the endpoint answers; ends it if it does not."""
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    server.kill()
    raise Unsupported("the model was written, but the endpoint did not start: run npm start to see why")
