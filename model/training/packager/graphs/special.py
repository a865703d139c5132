"""The error function, which ONNX Runtime has for float32 alone: W. J. Cody's rational approximations as fdlibm has them."""

from collections.abc import Sequence

import numpy as np

from .graph import Graph

# Coefficients by rising powers, of numerator and denominator: below 0.84375, up to 1.25, up to 1 / 0.35, and beyond.
SMALL = (
    (1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02, -5.77027029648944159157e-03,
     -2.37630166566501626084e-05),
    (1.0, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03, 1.32494738004321644526e-04,
     -3.96022827877536812320e-06),
)  # fmt: skip
NEAR_ONE = (
    (-2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01, 3.18346619901161753674e-01,
     -1.10894694282396677476e-01, 3.54783043256182359371e-02, -2.16637559486879084300e-03),
    (1.0, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02, 1.26171219808761642112e-01,
     1.36370839120290507362e-02, 1.19844998467991074170e-02),
)  # fmt: skip
LARGE = (
    (-9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e01, -6.23753324503260060396e01,
     -1.62396669462573470355e02, -1.84605092906711035994e02, -8.12874355063065934246e01, -9.81432934416914548592e00),
    (1.0, 1.96512716674392571292e01, 1.37657754143519042600e02, 4.34565877475229228821e02, 6.45387271733267880336e02,
     4.29008140027567833386e02, 1.08635005541779435134e02, 6.57024977031928170135e00, -6.04244152148580987438e-02),
)  # fmt: skip
LARGEST = (
    (-9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e01, -1.60636384855821916062e02,
     -6.37566443368389627722e02, -1.02509513161107724954e03, -4.83519191608651397019e02),
    (1.0, 3.03380607434824582924e01, 3.25792512996573918826e02, 1.53672958608443695994e03, 3.19985821950859553908e03,
     2.55305040643316442583e03, 4.74528541206955367215e02, -2.24409524465858183362e01),
)  # fmt: skip
AT_ONE = 8.45062911510467529297e-01
# From here on the result is 1.
LAST = 6.0


def error_function(graph: Graph, values: str) -> str:
    """erf(x), to the last bits of float64."""
    size = graph("Min", graph("Abs", values), np.array([[LAST]]))
    square = graph("Mul", size, size)
    small = graph("Mul", size, graph("Add", np.array([[1.0]]), divide(graph, square, SMALL)))
    near_one = graph("Add", np.array([[AT_ONE]]), divide(graph, graph("Sub", size, np.array([[1.0]])), NEAR_ONE))
    at_least = graph("Max", size, np.array([[1.25]]))
    large, largest = (complement(graph, at_least, each) for each in (LARGE, LARGEST))
    found = graph.where(graph("Less", size, np.array([[1 / 0.35]])), large, largest)
    found = graph.where(graph("Less", size, np.array([[1.25]])), near_one, found)
    found = graph.where(graph("Less", size, np.array([[0.84375]])), small, found)
    return graph("Mul", graph("Sign", values), found)


def complement(graph: Graph, size: str, ratio: tuple[Sequence[float], Sequence[float]]) -> str:
    """1 - exp(-x² - 0.5625 + R(1/x²) / S(1/x²)) / x."""
    square = graph("Mul", size, size)
    inner = graph("Sub", divide(graph, graph("Reciprocal", square), ratio), graph("Add", square, np.array([[0.5625]])))
    return graph("Sub", np.array([[1.0]]), graph("Div", graph("Exp", inner), size))


def divide(graph: Graph, values: str, ratio: tuple[Sequence[float], Sequence[float]]) -> str:
    """One polynomial divided by another."""
    above, below = (evaluate(graph, values, each) for each in ratio)
    return graph("Div", above, below)


def evaluate(graph: Graph, values: str, coefficients: Sequence[float]) -> str:
    """A polynomial by Horner's rule; coefficients by rising powers."""
    *others, total = [np.array([[each]]) for each in coefficients]
    found = graph("Add", graph("Mul", values, total), others[-1])
    for each in others[-2::-1]:
        found = graph("Add", graph("Mul", found, values), each)
    return found


def normal_share(graph: Graph, values: str) -> str:
    """The share of a standard normal distribution below each value."""
    scaled = graph("Div", values, np.array([[float(np.sqrt(2.0))]]))
    return graph("Mul", graph("Add", error_function(graph, scaled), np.array([[1.0]])), np.array([[0.5]]))
