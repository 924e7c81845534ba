"""Names, comments, docstrings and messages speak the field's words, and no name in core means two things."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
ANYWHERE = ""
RACE = r"core/(descent|optimizers|views/gradient_descent)/|core/views/\w+\.py|tests/(descent|views/gradient_descent)/"
IMBALANCE = r"core/(views|models|ui)/\w*imbalance|tests/(views|models)/\w*imbalance"
TRAINING = r"core/(views|ui)/training|tests/views/training"
MODELS = r"core/models/|tests/models/"


TIMELINE = "slider, timeline; continuous"
PROBLEM = "model panel; step figure; landscape; problem"
KINKED = "has_kink; jump; interior_point, piecewise_linear"


class Word(NamedTuple):
    """A private word: as a pattern, what to say, where it is looked for (a pattern of paths), and where it is allowed.

    `forbidden` is matched to a name split into lower-case words with a space between: "star_of" is "star of".
    `allowed` is matched to "path: words of the name" or "path: line of prose".
    """

    forbidden: str
    say: str
    where: str = ANYWHERE
    allowed: str = r"(?!)"


# Parts of names: of files and folders, of what Python and JavaScript code defines or uses, of CSS classes.
NAMES = (
    Word("reel|reels|reeled", TIMELINE),
    Word("central", "released; recomputed on release", allowed="central differences?"),
    Word("stars?", "one-at-a-time sweep"),
    Word("rays?", "arm"),
    Word("lanes?", "run"),
    Word("kin", "shares state with"),
    Word("aside", "advanced"),
    Word("heard", "seen"),
    Word("arrivals?", "navigation id; first visit; steps until convergence"),
    Word("notices?|remarks?", "summary, note"),
    Word("told|said", "text"),
    Word("counted", "count; with_unit"),
    Word("bends?|bent", "sampled loss; width"),
    Word("hairs?", "kink offset"),
    Word("lies?", "local_quadratic"),
    Word("spelt|spellings?", "equivalents"),
    Word("teams?", "parallel runs"),
    Word("fates?", "outcome"),
    Word("judges?|judged", "classify; test_metrics", f"{RACE}|{IMBALANCE}"),
    Word("verdicts?", "outcome", RACE),
    Word("courses?", "race"),
    Word("reliefs?|terrains?", "landscape"),
    Word("exhibits?", "model panel"),
    Word("everywhere", "multistart; all points"),
    Word("closeups?", "step figure"),
    Word("arenas?", "problem"),
    Word("grounds?", "landscape; background"),
    Word("shades?|shaded", "colour scale; mode"),
    Word("sheets?", "plot"),
    Word("canvas|canvases", "plot", allowed=r"assets/|tests/browser/|tests/bench/"),
    Word("kinked|hinges", KINKED, MODELS),
    Word("stand|stands|straight", "primal_dual, kkt_step; slope", "core/"),
    Word("origin|trials?|scenes?", "loss_shares; experiment; settings", f"{IMBALANCE}|{TRAINING}"),
    Word("rivals?", "compared losses"),
    Word("strays?", "outlier copies"),
    Word("turned of", "hessian_product"),
    Word("settled", "with_defaults; converged"),
    Word("written|written out", "Documented; number_text", "core/|tests/.*/shown"),
    Word("catalogues?", "record"),
    Word("halves", "split"),
    Word("pulls?|pulled|pulling", "gradient"),
)  # fmt: skip

# The rows that rename a file.
FILES = (
    Word("bend|lie|spelt|team|judge|outliers|catalogue", "the right column of VOCABULARY.md"),
    Word("verdict", "race_text", RACE),
    Word("course|relief|exhibit|everywhere|closeup|terrain", "race_figure, landscape_figure, model_panel, ..."),
    Word("arenas|ground|shades|sheet|canvas|panels", "problems, landscape_grid, colour_scale, plot, layout"),
    Word("controls", "sliders", "core/"),
    Word("kinked|hinges|level|starts", "interior_point, piecewise_linear, flat_minimum, multistart", MODELS),
    Word("contract", "loss, metric, view: what the file holds", "core/"),
)  # fmt: skip

# In what a person reads: comments, docstrings, messages, and the names of tests, which are sentences.
PROSE = (
    Word("(free )?reels?", TIMELINE),
    Word("(a|the|this|that|each|new|late|one) stars?|stars? of|star's", "one-at-a-time sweep; the mark ★"),
    Word("rays?", "arm", allowed="X-Ray"),
    Word("lanes?", "run"),
    Word("kin", "shares state with"),
    Word("arrivals?", "navigation id; first visit; steps until convergence"),
    Word("remarks?|(a|an|the|its|each|one|no) notice", "summary, note"),
    Word("bends?|bent", "curvature; moves; curved"),
    Word("hairs?", "kink offset"),
    Word("spelt|spellings?", "equivalents; written"),
    Word("teams?", "parallel runs"),
    Word("fates?", "outcome"),
    Word("exhibits?|closeups?|reliefs?|terrains?|arenas?", PROBLEM),
    Word("grounds?", "landscape; background"),
    Word("sheets?", "plot", allowed="style sheet|stylesheet|spreadsheet"),
    Word("(a|the|each|this) canvas", "plot", "core/views/"),
    Word("(an?|the|each|every|this|one|in|all) stands?(?= |,|;|$)", "a point of the primal-dual path; position"),
    Word("(a|the) trials?|(a|the) rivals?|rivals|strays?", "experiment; compared losses; outlier copies"),
    Word("half that (was )?(learn\\w*|judge\\w*)|(the|both|of) halves", "training set; test set"),
    Word("(that|what|which) (is learned from|judges)", "training set; test set"),
    Word("pulls?|pulled|pulling", "gradient; moves"),
    Word("level (ground|stretch)", "flat"),
    Word("as far as straight lines tell|of what the \\w+ is made|ways out of a page", "(say it plainly)"),
)  # fmt: skip
FIGURE_SIZES = {
    "EDGE",
    "FOOT",
    "GAP",
    "HEIGHT",
    "HIGH",
    "LOW",
    "MAP",
    "PHONE",
    "PHONE_MAP",
    "ROOM",
    "ROW",
    "SECTION",
    "TOP",
}
SPEAKS_OF_THEM = ("tests/test_vocabulary.py", "tests/pages/test_words.py")  # lists of these words
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
JS_NAME = re.compile(r"[A-Za-z_$][\w$]*")
CSS_CLASS = re.compile(r"\.([a-z][\w-]*)")
F_STRING = re.compile(r"(?i)r?fr?[\"']")
JS_TEXT = re.compile(r"//.*|/\*.*?\*/|'[^'\n]*'|\"[^\"\n]*\"|`[^`]*`", re.DOTALL)


class Use(NamedTuple):
    """A name or a line of prose, where it stands, and what of it is forbidden."""

    path: str
    line: int
    text: str


@cache
def words_of(name: str) -> str:
    return " ".join(WORDS.findall(name)).lower()


def offences(uses: Iterable[Use], words: tuple[Word, ...], *, names: bool) -> list[str]:
    """'core/x.py:12 "lane": say run', for each use of a private word."""
    patterns = [(re.compile(rf"\b(?:{word.forbidden})\b", 0 if names else re.IGNORECASE), word) for word in words]
    found = {}
    for path, line, text in uses:
        if path in SPEAKS_OF_THEM:
            continue
        searched = words_of(text) if names else text
        for pattern, word in patterns:
            if (
                (match := pattern.search(searched))
                and re.match(word.where, path)
                and not re.search(word.allowed, f"{path}: {searched}", re.IGNORECASE)
            ):
                found[path, line, match[0], text] = (
                    f'{path}:{line} "{match[0]}" in "{text.strip()[:90]}": say {word.say}'
                )
    return list(found.values())


@cache
def own_files(root: Path, *endings: str) -> list[str]:
    """The project's own files of these endings, as paths from its root; no data and no bundle."""
    folders = [file for name in ("core", "deploy", "pages", "tests", "assets") for file in (root / name).rglob("*")]
    paths = [path.relative_to(root) for path in (*folders, root / "app.py", root / "README.md") if path.is_file()]
    return sorted(
        path.as_posix()
        for path in paths
        if path.suffix in endings
        and "plotly-cartesian" not in path.name
        and path.parts[:2] != ("assets", "vendor")
        and "__pycache__" not in path.parts
        and path.parts[:3] != ("tests", "logs", "files")
    )


def paths(root: Path) -> Iterator[Use]:
    """Names of files and folders."""
    for path in own_files(root, ".py", ".js", ".css"):
        yield Use(path, 0, Path(path).stem)
        for folder in Path(path).parts[:-1]:
            yield Use(path, 0, folder)


@cache
def python_tokens(root: Path) -> list[tuple[str, tokenize.TokenInfo]]:
    """Every token of every Python file, with the file's path."""
    sources = {path: (root / path).read_text() for path in own_files(root, ".py")}
    return [
        (path, token)
        for path, source in sources.items()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
    ]


def parts_of(token: tokenize.TokenInfo) -> tuple[list[str], str]:
    """The names in the expressions of an f-string, and its text without them; of another string its text alone."""
    if not F_STRING.match(token.string):
        return [], token.string
    (string,) = [node for node in ast.walk(ast.parse(token.string)) if isinstance(node, ast.JoinedStr)][:1]
    found = [getattr(node, "id", None) or getattr(node, "attr", None) for node in ast.walk(string)]
    texts = [part.value if isinstance(part, ast.Constant) else "…" for part in string.values]
    return [name for name in found if name], "".join(texts)


def python_names(root: Path) -> Iterator[Use]:
    """Every identifier of every Python file but the names of tests, which are sentences."""
    for path, token in python_tokens(root):
        names = [token.string] if token.type == tokenize.NAME else []
        if token.type == tokenize.STRING:
            names, _ = parts_of(token)
        yield from (Use(path, token.start[0], name) for name in names if not name.startswith("test_"))


def asset_names(root: Path) -> Iterator[Use]:
    """Identifiers of the JavaScript files outside of texts, and classes of the style sheets."""
    for path in own_files(root, ".js", ".css"):
        if path.startswith("assets/"):
            pattern = CSS_CLASS if path.endswith(".css") else JS_NAME
            for number, line in enumerate((root / path).read_text().split("\n"), 1):
                code = line if path.endswith(".css") else JS_TEXT.sub("", line)
                yield from (Use(path, number, found[found.lastindex or 0]) for found in pattern.finditer(code))


def prose(root: Path) -> Iterator[Use]:
    """Comments, docstrings, messages, names of tests, and the README; line by line."""
    texts = (tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1))
    for path, token in python_tokens(root):
        if token.type in texts:
            lines = parts_of(token)[1].split("\n") if token.type == tokenize.STRING else [token.string]
            yield from (Use(path, token.start[0] + i, line) for i, line in enumerate(lines) if " " in line.strip())
        elif token.type == tokenize.NAME and token.string.startswith("test_"):
            yield Use(path, token.start[0], token.string.replace("_", " "))
    for path in own_files(root, ".js", ".css", ".md"):
        source = (root / path).read_text()
        if path.endswith(".md"):
            yield from (Use(path, number, line) for number, line in enumerate(source.split("\n"), 1))
        else:
            for found in JS_TEXT.finditer(source):
                yield Use(path, source.count("\n", 0, found.start()) + 1, found[0])


def test_no_file_has_a_private_name():
    assert offences(paths(ROOT), NAMES + FILES, names=True) == []


def test_no_private_name_in_python():
    assert offences(python_names(ROOT), NAMES, names=True) == []


def test_no_private_name_in_scripts_and_styles():
    assert offences(asset_names(ROOT), NAMES, names=True) == []


def test_no_private_word_in_comments_docstrings_and_messages():
    assert offences(prose(ROOT), PROSE, names=False) == []


@cache
def trees(folder: str) -> dict[str, ast.Module]:
    """The syntax tree of each Python file under a folder, by the file's path."""
    return {path: ast.parse((ROOT / path).read_text()) for path in own_files(ROOT, ".py") if path.startswith(folder)}


def test_no_class_name_means_two_things():
    found = defaultdict(list)
    for path, tree in trees("core/").items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(path)
    assert len(found) > 150
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The constants of a module, and their values as code."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                same = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                values = node.value.elts if same else [node.value] * len(names)
                yield from ((ast.unparse(one), ast.unparse(value)) for one, value in zip(names, values, strict=True))


def test_a_constant_means_one_thing_in_a_package():
    """But for the sizes of a figure, of which each figure has its own."""
    found: dict[tuple[Path, str], dict[str, str]] = defaultdict(dict)
    for path, tree in trees("core/").items():
        for name, value in constants(tree):
            if name.isupper() and name not in FIGURE_SIZES:
                found[Path(path).parent, name][path] = value
    assert len(found) > 500
    assert {name: values for name, values in found.items() if len(set(values.values())) > 1} == {}


@pytest.mark.parametrize(
    ("file", "text", "names", "sentences"),
    [
        ("core/x.py", "lanes = 3  # of a star", ["1 lanes: run"], ["1 a star: one-at-a-time sweep; the mark ★"]),
        ("core/x.py", "\nclass OneStar: pass", ["2 star: one-at-a-time sweep"], []),
        ("core/x.py", "x = f'{told} of the terrain'", ["1 told: text"], ["1 terrain: " + PROBLEM]),
        ("tests/x.py", "def test_the_ground_is_told(): pass", [], ["1 ground: landscape; background"]),
        ("core/models/x.py", "hinges", ["1 hinges: " + KINKED], []),
        ("core/losses/x.py", 'hinges = "hinges of a spreadsheet, of course"', [], []),
        ("core/x.py", "start(central_difference, unfated, playing)", [], []),
        ("assets/x.js", "let shade = 1 // one reel", ["1 shade: colour scale; mode"], ["1 reel: " + TIMELINE]),
        ("assets/x.css", ".stage-lane b { color: red }", ["1 lane: run"], []),
        ("README.md", "the pulls", [], ["1 pulls: gradient; moves"]),
    ],
)
def test_a_private_word_is_found_where_it_is_meant(file, text, names, sentences, tmp_path):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text + "\n")
    for expected, found in (
        (names, offences([*python_names(tmp_path), *asset_names(tmp_path)], NAMES, names=True)),
        (sentences, offences(prose(tmp_path), PROSE, names=False)),
    ):
        short = [
            re.sub(rf'^{re.escape(file)}:(\d+) "(\w+(?: \w+)?)" in ".*": say (.*)', r"\1 \2: \3", one) for one in found
        ]
        assert short == expected
