"""Small models that are fitted exactly: the best constant, the best straight line, and linear classifiers."""

from core.models.fit import fit_constant, fit_line

__all__ = ["fit_constant", "fit_line"]
