"""Starts the endpoint with a packaged model, for a look from a notebook."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any
from urllib.parse import quote

from .columns import Unsupported
from .places import PROJECT
from .serving import find_obstacle

SERVER = PROJECT / "dist" / "server.js"
LONGEST_START_SECONDS = 20.0
LONGEST_QUOTE = 500
LISTENING = "listening on port "
# The system chooses the port, so no other program can take it first; the server's process tells which it is.
ANNOUNCE = f"""
import {{ Server }} from 'node:net';
const {{ listen }} = Server.prototype;
Server.prototype.listen = function (...given) {{
  this.once('listening', () => process.stdout.write(`{LISTENING}${{this.address().port}}\\n`));
  return listen.apply(this, given);
}};
"""


def start_server(directory: Path, instance: Any) -> "subprocess.Popen[str]":
    """Starts the endpoint on a free port and prints a request; whoever asked for it ends the process."""
    obstacle = find_obstacle()
    if obstacle is not None:
        raise Unsupported(f"the model was written, but cannot be served from here: {obstacle}")
    environment = {**os.environ, "PORT": "0", "MODEL_DIR": str(directory.resolve()), "LOG_REQUESTS": "none"}
    # Vertex AI's variable goes before PORT.
    environment.pop("AIP_HTTP_PORT", None)
    command = [str(shutil.which("node")), "--import", f"data:text/javascript,{quote(ANNOUNCE)}", str(SERVER)]
    outputs = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    server = subprocess.Popen(command, env=environment, text=True, encoding="utf-8", errors="replace", **outputs)
    port = wait_for_port(server)
    body = json.dumps({"instances": [instance]}, ensure_ascii=False)
    print(f"curl localhost:{port}/predict --json '{body.replace(chr(39), chr(39) + chr(92) + chr(39) * 2)}'")
    return server


def wait_for_port(server: "subprocess.Popen[str]") -> int:
    """The port that the server listens on; ends the server if it says none in time."""
    lines: Queue[str | None] = Queue()
    Thread(target=read_all, args=(server.stdout, lines), daemon=True).start()
    said = ""
    try:
        while (line := lines.get(timeout=LONGEST_START_SECONDS)) is not None:
            if line.startswith(LISTENING):
                return int(line.removeprefix(LISTENING))
            said = read_message(line)
    except Empty:
        said = f"it does not listen after {LONGEST_START_SECONDS:g} s"
    server.kill()
    server.wait()
    raise Unsupported(f"the model was written, but the endpoint did not start: {said or 'run npm start to see why'}")


def read_all(output: IO[str], lines: "Queue[str | None]") -> None:
    """Reads to the end, because a full pipe would stop the server: lines up to the port are passed on, later ones shown."""
    is_listening = False
    with output:
        for line in output:
            if is_listening:
                sys.stderr.write(line)
            else:
                lines.put(line)
            is_listening = is_listening or line.startswith(LISTENING)
    lines.put(None)


def read_message(line: str) -> str:
    """What a line of the server's log says; the line itself if it is none."""
    try:
        said = json.loads(line)["message"]
    except (ValueError, TypeError, KeyError):
        said = line.strip()
    return str(said)[:LONGEST_QUOTE]
