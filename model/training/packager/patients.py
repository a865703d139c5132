"""Patients of the diabetes data as a data scientist meets them: numbers, whole numbers, words, gaps and dates."""

import numpy as np
import pandas as pd
from sklearn.datasets import load_diabetes

RANDOM = np.random.default_rng(0)
NUMBERS = ["age", "mass", "pressure", "sugar"]
WORDS = ["sex", "band"]
START = pd.Timestamp("2024-01-01")


def read_patients() -> pd.DataFrame:
    """Numbers without gaps, whole numbers, and words."""
    data = load_diabetes(scaled=False, as_frame=True).data
    pressure = data["bp"]
    return pd.DataFrame(
        {
            "age": data["age"].astype(int),
            "sex": np.where(data["sex"] > 1, "female", "male"),
            "mass": data["bmi"],
            "pressure": pressure,
            "band": np.select([pressure < 85, pressure < 100], ["normal", "raised"], "high"),
            "sugar": data["s6"],
        }
    )


PATIENTS = read_patients()
NUMERIC = PATIENTS[NUMBERS]
PROGRESS = load_diabetes().target
LEVEL = np.select([PROGRESS < 100, PROGRESS < 180], ["low", "middle"], "high")
IS_GAP = RANDOM.random((len(PATIENTS), 2)) < 0.1
GAPS = PATIENTS.assign(mass=PATIENTS["mass"].mask(IS_GAP[:, 0]))
WORD_GAPS = GAPS.assign(band=PATIENTS["band"].astype(object).mask(IS_GAP[:, 1], np.nan))
NONES = GAPS.assign(band=pd.Series(np.where(IS_GAP[:, 1], None, PATIENTS["band"]), dtype=object))
CATEGORIES = GAPS.assign(**{word: PATIENTS[word].astype("category") for word in WORDS})
VISITED = START + pd.to_timedelta(RANDOM.integers(0, 700, len(PATIENTS)), "D")
DATES = PATIENTS.assign(visited=VISITED)
DAYS = PATIENTS.assign(day=(VISITED - START).days, weekday=VISITED.day_of_week, month=VISITED.month)
SECONDS = NUMERIC.assign(visited=VISITED.astype("int64") // 10**9)
SEVERAL = np.column_stack([PROGRESS, PATIENTS["mass"] * 3.0])
LABELS = np.column_stack([PROGRESS > 140, PATIENTS["sugar"] > 91, PATIENTS["mass"] > 26]).astype(int)
# With enough digits that no two rows are equally far from a third.
MEASURED_GAPS = GAPS[NUMBERS] + RANDOM.normal(scale=0.01, size=(len(PATIENTS), len(NUMBERS)))
TIMES = PATIENTS.assign(visited=VISITED + pd.to_timedelta(RANDOM.integers(0, 86_400, len(PATIENTS)), "s"))
