"""Formulas of arrays and their exact derivatives."""
