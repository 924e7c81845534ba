"""The one way in which imports run, read from the files."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each may import those before it and its own. What shares a line may not import one another.
ORDER = [
    {"core.kept"},
    {"core.apart"},
    {"core.autodiff", "core.glossary", "core.numerics", "core.sentences", "core.record", "core.tours"},
    {"core.looks", "core.losses", "core.diagnosis"},
    {"core.datasets", "core.expression", "core.metrics", "core.optimizers"},
    {"core.models", "core.training", "core.examples"},
    {"core.evaluation", "core.advice"},
    {"core.landscapes"},
    {"core.descent"},
    {"core.logs"},
    {"core.tables"},
    {"core.stage"},
    {"core.views"},
    {"core.ui"},
    {"core.server"},
    {"pages", "app"},
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
FILES = sorted([*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])
COLOUR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(?:rgb|hsl)a?\(.*\)|"
    r"red|green|blue|orange|purple|black|white|gr[ae]y|teal|pink|brown|cyan|magenta|yellow",
    re.IGNORECASE,
)


def part(module: str) -> str:
    """The part of the site that a module belongs to, as ORDER names it; "" for what is not the site's."""
    names = module.split(".")
    if names[0] == "core":
        return ".".join(names[:2])
    return names[0] if names[0] in ("pages", "app") else ""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")


def imported(source: str) -> Iterator[str]:
    """Every module that is imported anywhere in the source, and what is taken from it, which may be a module too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrong_way(importer: str, source: str) -> list[str]:
    own = part(importer)
    return [
        module
        for module in imported(source)
        if (other := part(module)) and other not in (own, "core") and RANK[other] >= RANK[own]
    ]


def module_imports(name: str, source: str, modules: Collection[str]) -> set[str]:
    """Which of the modules this one imports, under TYPE_CHECKING and inside functions too.

    `from package import name` imports the module of that name where there is one, else the package itself. A package
    that holds the module runs before it in any case and is not counted.
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                own = f"{node.module}.{alias.name}"
                found.add(own if own in modules else str(node.module))
    return {other for other in found if other in modules and other != name}


def circles(sources: Mapping[str, str]) -> list[list[str]]:
    """Groups of modules each of which leads back to itself through the others' imports."""
    left = {name: module_imports(name, source, sources) for name, source in sources.items()}
    reached = {name: reachable(name, left) for name in left}
    rings = {tuple(sorted(other for other in reached[name] if name in reached[other])) for name in left}
    return sorted(list(ring) for ring in rings if ring)


def reachable(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    """All that is imported from the start on, by whatever way."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for other in graph[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found


def written_colours(source: str) -> list[str]:
    """Colours in the source, but for the hue that a record names in its Look."""
    tree = ast.parse(source)
    hues = {id(part) for node in ast.walk(tree) if is_look(node) for part in ast.walk(node)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hues
        and COLOUR.fullmatch(node.value.strip())
    ]  # fmt: skip


def is_look(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Look"


def uses(source: str, package: str) -> bool:
    return any(module.split(".")[0] == package for module in imported(source))


SOURCES = {name_of(path): path.read_text() for path in FILES}


def test_imports_run_one_way() -> None:
    unknown = [name for name in SOURCES if name != "core" and part(name) not in RANK]
    assert unknown == [], "say in ORDER where these parts belong"
    assert {name: found for name, source in SOURCES.items() if (found := wrong_way(name, source))} == {}


def test_no_module_leads_back_to_itself() -> None:
    assert circles(SOURCES) == []


def test_this_test_can_see_a_circle() -> None:
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from core.a import A"
    assert circles({"core.a": "from core.b import B", "core.b": typed}) == [["core.a", "core.b"]]
    late = "def f():\n    from core import a"
    assert circles({"core.a": "import core.b", "core.b": "from core import c", "core.c": late}) == [
        ["core.a", "core.b", "core.c"]
    ]
    assert circles({"core.a": "from core import b", "core.b": "import numpy", "core": "from core import a"}) == []


def test_streamlit_is_only_where_pages_are_made() -> None:
    users = {name for name, source in SOURCES.items() if uses(source, "streamlit")}
    assert {name for name in users if part(name) not in ("core.ui", "pages", "app")} == {"core.stage.bridge"}


def test_plotly_is_only_where_pictures_are_made() -> None:
    users = {part(name) for name, source in SOURCES.items() if uses(source, "plotly")}
    assert users <= {"core.views", "core.stage", "core.datasets"}


def test_colours_are_in_the_theme_alone() -> None:
    coloured = {name for name, source in SOURCES.items() if written_colours(source)}
    assert coloured == {"core.views.kit.theme", "core.record", "core.looks"}  # the others name the hues that it shows


def test_every_part_is_read() -> None:
    found = {part(name_of(path)) for path in FILES}
    assert {"core.losses", "core.stage", "core.views", "core.ui", "core.server", "pages", "app"} <= found


@pytest.mark.parametrize(
    ("importer", "source", "found"),
    [
        ("core.losses.robust", "from core.views import theme", True),
        ("core.losses.robust", "def late():\n    import core.ui.stage", True),
        ("core.losses.robust", "from core import ui", True),
        ("core.stage.route", "from core.views.kit.view import View", True),
        ("core.models.line", "from core.landscapes import LANDSCAPES", True),
        ("core.views.loss_curves.curves", "from core.losses import LOSSES\nfrom core.views import theme", False),
        ("pages.home", "from core import stage", False),
    ],
)
def test_this_test_can_see_a_wrong_import(importer: str, source: str, found: bool) -> None:
    assert bool(wrong_way(importer, source)) == found


@pytest.mark.parametrize("text", ["#abc", "#A1B2C3", "#a1b2c3d4", "rgba(0, 0, 0, 0.5)", "hsl(9 9% 9%)", "White"])
def test_this_test_can_see_a_colour(text: str) -> None:
    assert written_colours(f"style = {{'color': {text!r}}}") == [text]
    assert written_colours(f"Look({text!r})") == []
    assert written_colours(f"sentence = 'as in {text} or so'") == []
