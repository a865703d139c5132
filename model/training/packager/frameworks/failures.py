"""Why PyTorch's exporter does not convert a module, and what to change."""

from typing import Any

from ..answers import first_line


def describe_failure(kind: str, failure: Exception) -> str:
    """Why a module cannot be exported, and what to change."""
    text = " ".join(str(each) for each in list_causes(failure))
    if "specialized" in text or "onstraints violated" in text or "Not all values of rows" in text:
        return (
            f"{kind} works for one number of rows only, so rows of several callers could not share a run: "
            "replace the number in forward's view, reshape, expand or loop by x.shape[0] or -1"
        )
    if "data-dependent" in text or "DataDependent" in text or "GuardOnDataDependent" in text:
        return (
            f"{kind} takes another way for other values (an if, a loop or .item() over a tensor), which no graph has: "
            "use torch.where or torch.cond"
        )
    lines = [line for each in list_causes(failure) for line in [first_line(each)] if line]
    reason = lines[-1] if lines else type(failure).__name__
    return f"PyTorch's exporter does not convert {kind}: {reason}. torch.onnx.export(…, report=True) says more"


def list_causes(failure: BaseException | None) -> list[Exception]:
    """The failure and its causes."""
    found: list[Any] = []
    while failure is not None:
        found.append(failure)
        failure = failure.__cause__
    return found
