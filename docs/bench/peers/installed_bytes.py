"""Prints the bytes and the files that the packages named on the command line and all they require are in this environment."""

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement


def closure(wanted: list[Requirement], seen: dict[str, set[str]]) -> dict[str, set[str]]:
    """Names of the required packages that are installed, with the extras asked of each."""
    for requirement in wanted:
        extras = seen.setdefault(requirement.name.lower(), set())
        new = ({""} | requirement.extras) - extras
        extras |= new
        try:
            needs = [Requirement(line) for line in distribution(requirement.name).requires or []]
        except PackageNotFoundError:
            continue
        closure([need for need in needs if any(applies(need, extra) for extra in new)], seen)
    return seen


def applies(need: Requirement, extra: str) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": extra})


def installed_sizes(name: str) -> list[int]:
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return []
    paths = (file.locate() for file in files)
    return [path.stat().st_size for path in paths if path.is_file()]


names = closure([Requirement(name) for name in sys.argv[1:]], {})
sizes = [size for name in names for size in installed_sizes(name)]
print(json.dumps({"bytes": sum(sizes), "files": len(sizes)}))
