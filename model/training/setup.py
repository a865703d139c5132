"""Puts the card's schema, which lives outside of this directory, into what pip installs."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).parent
INSTALLED = Path("packager") / "card.schema.json"


def copy_schema(target: str) -> None:
    """Copies the schema of the checkout, or that of a source distribution, which has it in its final place."""
    checkout = HERE.parent / INSTALLED.name
    shutil.copyfile(checkout if checkout.exists() else HERE / INSTALLED, Path(target) / INSTALLED)


class BuildWithSchema(build_py):
    def run(self) -> None:
        super().run()
        # An editable install reads the schema of its checkout.
        if not self.editable_mode:
            copy_schema(self.build_lib)


class DistributeWithSchema(sdist):
    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        copy_schema(base_dir)


setup(cmdclass={"build_py": BuildWithSchema, "sdist": DistributeWithSchema})
