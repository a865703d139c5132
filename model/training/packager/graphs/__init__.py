"""Graphs that compute what an estimator computes, in float64."""
