"""What people type, read as one formula in Python's notation: signs, bars, Greek letters and products without a sign.

Everything that is read as something else than it says is reported as a sentence. The result holds numbers, operators,
brackets, commas, and names of this module's own making: no text of the person's is in it.
"""

from __future__ import annotations

import difflib
import keyword
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core.expression.error import ExpressionError
from core.expression.letters import GREEK, plain_letter
from core.expression.node import FUNCTIONS

MOST_CHARACTERS = 200
MOST_BRACKETS = 40  # open at once
LONGEST_NAME = 20

CONSTANTS = {"e": (math.e, "e is Euler's number, 2.71828"), "pi": (math.pi, "pi is 3.14159")}
CASES = "cases"  # cases(condition, value, condition, value, value otherwise), read as where in where
OTHER_NAMES = {  # of functions
    "ln": "log", "max": "maximum", "min": "minimum", "absolute": "abs", "atan": "arctan", "sgn": "sign",
    "expit": "sigmoid", "logistic": "sigmoid", "if": "where", "piecewise": CASES,
}  # fmt: skip
SUBSTITUTES = {  # functions that the table lacks, and what to type
    "cosh": "(exp(x) + exp(-x))/2; log(cosh(x)) is logaddexp(x, -x) - log(2)",
    "sinh": "(exp(x) - exp(-x))/2",
    "tan": "sin(x)/cos(x)",
    "relu": "maximum(0, x)",
    "log2": "log(x)/log(2)",
    "log10": "log(x)/log(10)",
    "square": "x^2",
    "pow": "x^n",
    "logit": "log(x/(1 - x))",
}
OTHER_VARIABLES = {  # names by which the prediction and the truth are known too
    "p": ("pred", "prediction", "y_pred", "y_hat", "yhat", "ŷ"),
    "y": ("target", "truth", "y_true", "label"),
    "r": ("error", "residual"),
    "z": ("score", "logit", "logits"),
    "m": ("margin",),
}
MEANT = {variable: name for name, variables in OTHER_VARIABLES.items() for variable in variables}
SIGNS = {
    "×": "*", "·": "*", "∙": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "⁄": "/", "−": "-", "–": "-", "—": "-",
    "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=", "[": "(", "{": "(", "]": ")", "}": ")", "∣": "|",
}  # fmt: skip
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
LEXEME = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>ŷ|[A-Za-z_]\w*)|(?P<greek>[α-ωΓΔΘΛΞΠΣΥΦΨΩ](?:\d+|_\w+)?)|(?P<operator>\*\*|<=|>=|==|!=|&&?|[-+*/^<>=])"
    r"|(?P<open>\()|(?P<close>\))|(?P<bar>\|)|(?P<comma>,)|(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)|(?P<root>√)",
    re.ASCII,
)
READ_AS = {"^": "**", "=": "==", "&": "and", "&&": "and"}
WORDS = ("and", "or", "not")


class Token(NamedTuple):
    """A number, name, sign or bracket of a text, and where it begins, from 1. `text` is its plain form."""

    kind: str
    text: str
    position: int
    typed: str


class OpenBracket(NamedTuple):
    """A bracket that waits to be closed: "group", "call" or "bar", and where it was opened."""

    kind: str
    position: int


@dataclass
class PythonText:
    """The text in Python's notation; `names[i]` is written there as n<i>, the function FUNCTIONS[i] as f<i>."""

    variables: Sequence[str]
    corrections: dict[str, None] = field(default_factory=dict)  # sentences, each once, in order
    names: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)  # of each character of the pieces, in the typed text

    @property
    def python(self) -> str:
        return "".join(self.pieces)

    def write(self, piece: str, position: int) -> None:
        self.pieces.append(piece)
        self.positions += [position] * len(piece)

    def correct(self, sentence: str) -> None:
        self.corrections[sentence] = None

    def position_of(self, column: int) -> int:
        """Where in the typed text the character of `python` at this index comes from."""
        return self.positions[min(max(column, 0), len(self.positions) - 1)] if self.positions else 1


FUNCTION_NAMES = [*FUNCTIONS, CASES]


def read(text: str, variables: Sequence[str]) -> PythonText:
    """The text in Python's notation. ExpressionError where it is no formula."""
    if not isinstance(text, str):
        raise ExpressionError(f"a formula is text, got {type(text).__name__}", 1)
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(
            f"a formula has at most {MOST_CHARACTERS} characters, this one has {len(text)}: name a part by a parameter,"
            " or leave one out",
            MOST_CHARACTERS + 1,
        )
    reading = PythonText(variables)
    tokens = without_left_side(split(text, reading), reading)
    if not tokens:
        raise ExpressionError(f"there is no formula yet: type one, such as {variables[0]}^2", 1)
    Reader(tokens, reading, len(text) + 1).run()
    return reading


def split(text: str, reading: PythonText) -> list[Token]:
    """The tokens of a text."""
    plain, places = "", []
    for place, letter in enumerate(text, 1):
        sign = letter if letter in SUPERSCRIPTS else SIGNS.get(letter) or plain_letter(letter)
        plain += sign
        places += [place] * len(sign)
        if letter in "[]{}":
            reading.correct(f"{letter} is read as {sign}")
    tokens, at = [], 0
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        found = LEXEME.match(plain, at)
        if not found:
            raise unknown_character(text, places[at])
        kind = str(found.lastgroup)
        start, end = places[at], places[found.end() - 1]
        tokens.append(Token(kind, found[0], start, text[start - 1 : end]))
        at = found.end()
    return tokens


def unknown_character(text: str, position: int) -> ExpressionError:
    letter = text[position - 1]
    shown = letter if letter.isprintable() else unicodedata.name(letter, f"character {ord(letter)}")
    hints = {
        ".": "a point stands only inside a number, such as 0.5, and functions are written alone, such as exp(r)",
        "'": "quotes have no place in a formula",
        '"': "quotes have no place in a formula",
        "%": "write 0.05 for 5 %",
        ":": "write a case distinction as where(condition, value, other value)",
        "?": "write a case distinction as where(condition, value, other value)",
        ";": "only one formula is read",
        "!": "write != for unequal",
    }
    hint = hints.get(letter, "a formula is made of numbers, names, + - * / ^, brackets and comparisons")
    return ExpressionError(f"{shown} at {position} has no meaning here: {hint}", position)


def without_left_side(tokens: list[Token], reading: PythonText) -> list[Token]:
    """The tokens after "L =" or "loss(r) =", if they begin so."""
    signs = [at for at, token in enumerate(tokens) if token.text == "="]
    if not signs:
        return tokens
    left = tokens[: signs[0]]
    call = len(left) > 3 and left[1].kind == "open" and left[-1].kind == "close"
    inner = left[2:-1] if call else []
    if not left or left[0].kind != "name" or (len(left) > 1 and not call):
        return tokens
    if left[0].text in (*FUNCTION_NAMES, *OTHER_NAMES) or any(one.kind not in ("name", "comma") for one in inner):
        return tokens
    reading.correct(f"{left[0].typed} = is left out: the formula is the loss itself")
    return tokens[signs[0] + 1 :]


class Reader:
    """Goes through the tokens, and knows whether a value or an operator must come next."""

    def __init__(self, tokens: Sequence[Token], reading: PythonText, end: int) -> None:
        self.tokens = [*tokens, Token("end", "", end, "")]
        self.reading = reading
        self.brackets: list[OpenBracket] = []
        self.at = 0
        self.value_next = True
        self.root: Token | None = None  # a √ that waits for what stands under it

    @property
    def before(self) -> Token | None:
        return self.tokens[self.at - 1] if self.at else None

    def run(self) -> None:
        while (token := self.tokens[self.at]).kind != "end":
            if self.value_next:
                self.read_value(token)
            else:
                self.read_operator(token)
            self.at += 1
        if self.value_next:
            raise self.missing(token)
        if self.brackets:
            kind, position = self.brackets[-1]
            what = "bar |" if kind == "bar" else "bracket"
            raise ExpressionError(f"the {what} opened at {position} is not closed", position)

    def read_value(self, token: Token) -> None:
        """A token where a number, a name, an opening bracket or a sign must come."""
        if self.root and token.kind not in ("number", "name", "open"):
            position = self.root.position
            raise ExpressionError(f"nothing stands under √ at {position}: write sqrt(...)", position)
        if token.kind == "number":
            self.write_primary(float_text(token), token)
        elif token.kind in ("name", "greek"):
            self.read_name(token)
        elif token.kind in ("open", "bar"):
            self.open(token, "bar" if token.kind == "bar" else "call" if self.root else "group")
        elif token.kind == "root":
            self.root = token
        elif token.text in ("+", "-") and token.kind == "operator":
            self.reading.write(token.text, token.position)
        else:
            raise self.missing(token)

    def read_operator(self, token: Token) -> None:
        """A token where an operator, a closing bracket or a comma must come."""
        if token.kind == "operator" or token.text in ("and", "or"):
            self.write_operator(token)
        elif token.kind == "close":
            self.close(token)
        elif token.kind == "bar" and self.brackets and self.brackets[-1].kind == "bar":
            self.brackets.pop()
            self.reading.write(")", token.position)
        elif token.kind == "comma":
            self.separate(token)
        elif token.kind == "power":
            self.raise_to(token)
        elif token.kind == "number" or token.text == "not":
            before = self.before or token
            raise ExpressionError(
                f"an operator is missing between {before.typed} and {token.typed} at {token.position}", token.position
            )
        else:  # 2r, 2(r + 1), r|r|
            self.multiply(token)
            self.read_value(token)

    def write_operator(self, token: Token) -> None:
        operator = READ_AS.get(token.text, token.text)
        if token.text == "^":
            self.reading.correct("^ is a power: read as **")
        elif token.text in READ_AS:
            self.reading.correct(f"{token.typed} is read as {operator}")
        self.reading.write(f" {operator} ", token.position)
        self.value_next = True

    def write_primary(self, piece: str, token: Token) -> None:
        if self.root:
            piece, self.root = f"f{FUNCTION_NAMES.index('sqrt')}({piece})", None
        self.reading.write(piece, token.position)
        self.value_next = False

    def multiply(self, token: Token) -> None:
        """A product whose sign is left out."""
        left, right = self.before or token, token.typed
        if left.kind == "close" or token.kind in ("open", "bar", "root"):
            self.reading.correct("a product may be written without its sign: 2(r + 1) is read as 2*(r + 1)")
        else:
            space = "" if left.kind == "number" else " "
            self.reading.correct(f"{left.typed}{space}{right} is read as {left.typed}*{right}")
        if self.at > 1 and self.tokens[self.at - 2].text == "/":
            self.reading.correct(
                f"a product goes from left to right: /{left.typed}{right} is read as /{left.typed}*{right};"
                " put brackets round what divides"
            )
        self.reading.write("*", token.position)
        self.value_next = True

    def raise_to(self, token: Token) -> None:
        position = token.position
        exponent = "".join(SUPERSCRIPTS[letter] for letter in token.text)
        if not exponent.lstrip("-").isdigit() or exponent.count("-") > exponent.startswith("-"):
            raise ExpressionError(f"{token.typed} at {position} is no power: write ^ and the exponent", position)
        self.reading.correct(f"{token.typed} is a power: read as **{exponent}")
        self.reading.write(f"**({float(exponent)!r})", position)

    def open(self, token: Token, kind: str) -> None:
        if len(self.brackets) == MOST_BRACKETS:
            raise ExpressionError(f"more than {MOST_BRACKETS} brackets are open at {token.position}", token.position)
        self.brackets.append(OpenBracket("group" if kind == "call" and self.root else kind, token.position))
        function = "abs" if kind == "bar" else "sqrt" if self.root else ""
        self.root = None
        self.reading.write(f"f{FUNCTION_NAMES.index(function)}(" if function else "(", token.position)
        self.value_next = True

    def close(self, token: Token) -> None:
        if not self.brackets:
            raise ExpressionError(f"the bracket closed at {token.position} was never opened", token.position)
        kind, position = self.brackets.pop()
        if kind == "bar":
            raise ExpressionError(f"the bar | opened at {position} is not closed", position)
        self.reading.write(")", token.position)
        self.value_next = False

    def separate(self, token: Token) -> None:
        if not self.brackets or self.brackets[-1].kind != "call":
            raise ExpressionError(
                f"the comma at {token.position} separates nothing: it stands between the arguments of a function, and a"
                " decimal number takes a point, such as 0.5",
                token.position,
            )
        self.reading.write(",", token.position)
        self.value_next = True

    def missing(self, token: Token) -> ExpressionError:
        """The error for a token that stands where a value must."""
        before, position = self.before, token.position
        if token.kind == "close" and not self.brackets:
            return ExpressionError(f"the bracket closed at {position} was never opened", position)
        if before is None:
            return ExpressionError(f"nothing stands before {token.typed} at {position}", position)
        if before.kind == "open" and token.kind == "close":
            return ExpressionError(f"nothing stands in the brackets opened at {before.position}", before.position)
        if before.kind in ("open", "bar") and token.kind == "end":
            what = "bar |" if before.kind == "bar" else "bracket"
            return ExpressionError(f"the {what} opened at {before.position} is not closed", before.position)
        return ExpressionError(f"something must follow {before.typed} at {before.position}", before.position)

    def read_name(self, token: Token) -> None:
        """A name where a value must come: a function with its bracket, a variable, a constant or a parameter."""
        name, called = token.text, self.tokens[self.at + 1].kind == "open"
        if token.kind == "greek":
            name = GREEK[name[0]] + name[1:]
            if name == "sigma" and called:
                self.reading.correct("σ(...) is read as sigmoid(...)")
                name = "sigmoid"
        if name == "not":
            self.reading.write(" not ", token.position)
            return
        self.check_name(name, token)
        function = name if name in FUNCTION_NAMES else OTHER_NAMES.get(name, "") if called else ""
        if not function and name not in self.reading.variables and called and name.lower() in FUNCTION_NAMES:
            function = name.lower()
        if function:
            self.call(function, token, called)
        elif name in SUBSTITUTES and called:
            raise ExpressionError(
                f"{name} at {token.position} is not in the table; write {SUBSTITUTES[name]}", token.position
            )
        elif called and len(name) > 1 and not self.is_value(name, token):
            raise self.unknown_function(name, token)
        else:
            for factor in self.factors(name, token):
                if not self.value_next:
                    self.reading.write("*", token.position)
                self.write_primary(factor, token)

    def check_name(self, name: str, token: Token) -> None:
        position = token.position
        if len(name) > LONGEST_NAME:
            raise ExpressionError(f"the name at {position} is longer than {LONGEST_NAME} characters", position)
        if name.startswith("_") or "__" in name or name.endswith("_"):
            raise ExpressionError(
                f"{name} at {position} is no name: it begins with a letter, _ stands inside", position
            )
        if name in WORDS:
            raise ExpressionError(f"nothing stands before {name} at {position}", position)
        if name in ("else", "elif") or (name == "if" and self.tokens[self.at + 1].kind != "open"):
            raise ExpressionError(
                f"{name} at {position}: write a case distinction as where(condition, value, other value)", position
            )
        if (keyword.iskeyword(name) and name not in ("if", "lambda")) or name in ("inf", "nan"):
            raise ExpressionError(f"{name} at {position} cannot be the name of a parameter: choose another", position)

    def call(self, function: str, token: Token, called: bool) -> None:
        position = token.position
        if not called:
            raise ExpressionError(f"{function} at {position} is a function: write {function}(...)", position)
        if self.root:
            raise ExpressionError(f"put what stands under √ at {self.root.position} in brackets", self.root.position)
        if function != token.typed and token.kind != "greek":
            self.reading.correct(f"{token.typed} is read as {function}")
        self.reading.write(f"f{FUNCTION_NAMES.index(function)}", token.position)
        self.at += 1
        self.open(self.tokens[self.at], "call")

    def is_value(self, name: str, token: Token) -> bool:
        """Whether a name before a bracket is a factor: a variable, a Greek letter, one used without a bracket too."""
        known = {*self.reading.variables, *CONSTANTS, *GREEK.values(), *MEANT, "lambda", *self.reading.names}
        alone = {one.text for one, after in zip(self.tokens, self.tokens[1:], strict=False) if after.kind != "open"}
        return token.kind == "greek" or name in known or name in alone or self.is_product(name)

    def is_product(self, name: str) -> bool:
        """Whether the name is variables of one letter side by side, such as yz."""
        letters = {variable for variable in self.reading.variables if len(variable) == 1}
        return 1 < len(name) <= 3 and name not in self.reading.variables and set(name) <= letters

    def factors(self, name: str, token: Token) -> list[str]:
        """A name as it is written in Python's notation; that of each factor, where it is a product."""
        if self.is_product(name):
            self.reading.correct(f"{name} is read as {'*'.join(name)}")
            return [self.index_of(letter) for letter in name]
        if name == "lambda":
            self.reading.correct("lambda is λ")
            name = "lam"
        meant = MEANT.get(name, name)
        if meant != name and meant in self.reading.variables and name not in self.reading.variables:
            self.reading.correct(f"{token.typed} is read as {meant}")
            name = meant
        if name in CONSTANTS and name not in self.reading.variables:
            self.reading.correct(CONSTANTS[name][1])
        return [self.index_of(name)]

    def index_of(self, name: str) -> str:
        if name not in self.reading.names:
            self.reading.names.append(name)
        return f"n{self.reading.names.index(name)}"

    def unknown_function(self, name: str, token: Token) -> ExpressionError:
        known = [*FUNCTION_NAMES, *OTHER_NAMES]
        near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
        all_of_them = f"known are {', '.join(FUNCTION_NAMES)}"
        hint = f"did you mean {OTHER_NAMES.get(near[0], near[0])}?" if near else all_of_them
        return ExpressionError(f"{name} at {token.position} is no known function; {hint}", token.position)


def float_text(token: Token) -> str:
    """A number as a float is written; one too large for float64 stays as it is and is infinite."""
    value = float(token.text)
    return repr(value) if math.isfinite(value) else "1e999"
