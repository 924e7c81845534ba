"""Classifiers trained under several losses on rare positives, and all that is measured of them."""
