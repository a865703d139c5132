"""Trains the forest of model/training/train.py once, at set-up, so that training is no part of a cold start."""

import sys

import joblib
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

SEED = 42

features, labels = load_iris(return_X_y=True)
train_x, _, train_y, _ = train_test_split(features, labels, test_size=30, stratify=labels, random_state=SEED)
forest = RandomForestClassifier(n_estimators=100, random_state=SEED, n_jobs=1).fit(train_x, train_y)
joblib.dump(forest, sys.argv[1])
