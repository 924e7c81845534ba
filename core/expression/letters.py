"""Names of parameters as they are typed, written in sentences and set in formulas."""

from __future__ import annotations

import re
import unicodedata

# Letters and the names that they are read as. λ is "lam": "lambda" is a word of Python's.
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lam", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon",
    "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
LETTERS = {name: letter for letter, name in GREEK.items()}
LATEX_NAMES = {"lam": r"\lambda", "omicron": "o"}


def plain_letter(letter: str) -> str:
    """The usual form of a letter: of ϵ and 𝜀 it is ε, of a subscript digit the digit; the letter itself if none."""
    normal = unicodedata.normalize("NFKC", letter)
    return {"ς": "σ", "ϑ": "θ", "ϕ": "φ"}.get(normal, normal if len(normal) == 1 else letter)


def stem_and_index(name: str) -> tuple[str, str]:
    """A name in two: "w_1", "w1" and "w" are ("w", "1") twice and ("w", "")."""
    found = re.fullmatch(r"([A-Za-z]+?)(?:_(\w+)|(\d+))?", name)
    return (found[1], found[2] or found[3] or "") if found else (name, "")


def symbol_of(name: str) -> str:
    """How a sentence writes the name: δ for delta."""
    stem, index = stem_and_index(name)
    return f"{LETTERS.get(stem, stem)}{f'_{index}' if '_' in name else index}"


def latex_of(name: str) -> str:
    r"""How a formula writes the name: \delta for delta, w_{1} for w1."""
    stem, index = stem_and_index(name)
    plain = stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
    letter = LATEX_NAMES.get(stem, f"\\{stem}" if stem in LETTERS else plain)
    shown = index if len(index) < 2 or index.isdigit() else rf"\mathrm{{{index}}}"
    return letter + (f"_{{{shown}}}" if index else "")
