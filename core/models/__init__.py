"""Small models that are fitted exactly: the number and the straight line that a loss likes best."""

from core.models.fit import fit_constant, fit_line

__all__ = ["fit_constant", "fit_line"]
