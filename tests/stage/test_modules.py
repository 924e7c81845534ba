"""The stage's JavaScript can be joined: each file imports what it uses, and no name means two things."""

import re

import pytest

from core.stage.files import ASSETS, stage_files
from core.stage.modules import IMPORT, in_order, join_modules

FILES = {path.name: path.read_text() for path in sorted((ASSETS / "stage").glob("*.js"))}
LONGEST = 200  # lines
KEYWORDS = """
    async await break case catch class const continue default delete do else export extends false finally for from
    function get if import in instanceof let new null of return set static super switch this throw true try typeof
    undefined var void while yield
"""
BROWSER = """
    AbortController Array Blob Boolean DataView Date DecompressionStream Error Float32Array JSON Map Math Number
    Object PopStateEvent Promise RegExp ResizeObserver Response Set String TextDecoder URL URLSearchParams
    Uint32Array Uint8Array WeakMap WheelEvent Worker atob cancelAnimationFrame clearTimeout dispatchEvent document
    encodeURIComponent fetch getComputedStyle getSelection history location navigator performance queueMicrotask
    requestAnimationFrame setTimeout structuredClone window
"""
NAME = r"[A-Za-z_$][\w$]*"
WORD = re.compile(rf"(?<![\w$])(?<!(?<!\.\.)\.){NAME}")  # not after a dot; three dots are a spread
TOP = re.compile(rf"^(?:export )?(?:const|let|function|async function|class) ({NAME})", re.MULTILINE)
# A comment, a string, a regular expression (after a division there is a space).
NO_CODE = re.compile(
    r"//[^\n]*|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|/(?![ /*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+/\w*"
)
TEMPLATE, HOLE = re.compile(r"`[^`]*`"), re.compile(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}")  # no template inside of another
# Where names are made: variables, patterns, functions and classes, parameters of functions, methods and arrows.
MAKERS = [
    rf"\b(?:const|class|function) ({NAME})",
    r"\blet ([^\n]*)",
    r"\bconst ([\[{][^=;]*?[\]}])(?= (?:=|of) )",
    rf"(?<=, )({NAME}|[\[{{][^=;()]*?[\]}}])(?= = )",
    rf"\bfunction {NAME}\(([^()]*)\)",
    rf"^ +(?:async |get )?(?!(?:if|for|while|switch)\b){NAME}\(([^()]*)\) \{{",
    rf"(?:\(([^()]*)\)|({NAME})) =>",
    r"\bcatch \((\w+)\)",
]
KEY = rf"([{{,]\s*){NAME}(?=:)"
METHOD = rf"^( +(?:async |get )?)(?!(?:if|for|while|switch)\b){NAME}(?=\([^()]*\) \{{)|(?<=\bget ){NAME}(?=\()"


def code(source: str) -> str:
    """A file without its comments, strings and imports, and without the names of properties where they are made."""
    source = NO_CODE.sub("''", IMPORT.sub("", source))
    source = TEMPLATE.sub(lambda match: "(" + ", ".join(HOLE.findall(match[0])) + ")", source)
    return re.sub(KEY, r"\1", source)


def names(text: str) -> set[str]:
    return set(WORD.findall(text)) - set(KEYWORDS.split())


def used(source: str) -> set[str]:
    return names(re.sub(METHOD, r"\1", code(source), flags=re.MULTILINE))


def made(source: str) -> set[str]:
    found = (match for maker in MAKERS for match in re.finditer(maker, code(source), re.MULTILINE))
    return names(" ".join(part for match in found for part in match.groups() if part))


def imported(source: str) -> dict[str, str]:
    """The file that each imported name comes from."""
    return {name: path for these, path in IMPORT.findall(source) for name in these.split(", ")}


def exported(source: str) -> set[str]:
    return {match[1] for match in TOP.finditer(source) if match[0].startswith("export")}


def unknown(source: str) -> set[str]:
    """The names that a file uses, and neither makes nor imports nor has from the browser."""
    return used(source) - made(source) - imported(source).keys() - set(BROWSER.split())


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_what_it_uses_and_nothing_else(name: str) -> None:
    source = FILES[name]
    assert unknown(source) == set()
    for imports, path in imported(source).items():
        assert imports in exported(FILES[path])
        assert imports in used(source)


@pytest.mark.parametrize("name", FILES)
def test_a_file_makes_no_name_that_another_has_at_its_top(name: str) -> None:
    for other, source in FILES.items():
        if other != name:
            assert made(FILES[name]) & set(TOP.findall(source)) == set(), other


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_short_and_says_what_it_holds(name: str) -> None:
    lines = FILES[name].splitlines()
    assert all(line.startswith("// ") for line in lines[:2])
    assert len(lines) <= LONGEST


def test_every_file_is_joined_after_those_that_it_imports() -> None:
    script = stage_files()["stage.js"].content.decode()
    order = [path.name for path in in_order(ASSETS / "stage" / "main.js")]
    assert sorted(order) == sorted(FILES)
    places = [script.index(FILES[name].splitlines()[0]) for name in order]
    assert places == sorted(places)
    for at, name in enumerate(order):
        assert set(imported(FILES[name]).values()) <= set(order[:at])
    assert exported(script) == {"show", "close", "open"}
    assert "import" not in names(script)


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("const a = b\n", {"b"}),
        ("const a = `x ${b(c)} y ${{d: e}} z`\n", {"b", "c", "e"}),
        ("const f = ({a, b: c}, [d]) => a + b + c + d + e.g\n", {"b", "e"}),
        ("class A {\n  run(x) { return here(x, ...y) }\n}\n", {"here", "y"}),
        ("// z\nconst a = 'z' + /z/.test(\"z\") + {z: 1}.z\n", set()),
        ("for (const [a, {b}] of list) { let c, d = a + b; c = d }\n", {"list"}),
        ("import {a} from './b.js'\nif (a) throw new Error(what)\n", {"what"}),
        ("try { f() } catch (error) { g(error) }\nfunction g(x) { return x }\n", {"f"}),
    ],
)
def test_this_test_sees_a_name_that_comes_from_nowhere(source: str, missing: set[str]) -> None:
    assert unknown(source) == missing


@pytest.mark.parametrize(
    "line",
    ["import * as b from './b.js'", "import b from './b.js'", "import {a as c} from './b.js'", "import './b.js'",
     "const b = await import('./b.js')", "export default 1", "export {a}", "  export const c = 1"],
)  # fmt: skip
def test_a_line_that_cannot_be_left_out_is_refused(line: str, tmp_path) -> None:
    (tmp_path / "b.js").write_text("export const a = 1\n")
    (tmp_path / "main.js").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"^main.js can only be joined without this line: "):
        join_modules(tmp_path / "main.js")


def test_joined_once_and_without_the_imports(tmp_path) -> None:
    (tmp_path / "a.js").write_text("export const a = 1\n")
    (tmp_path / "b.js").write_text("import {a} from './a.js'\n\nexport function b() { return a }\n")
    (tmp_path / "main.js").write_text("import {b} from './b.js'\nimport {a} from './a.js'\n\nexport const c = b(a)\n")
    assert join_modules(tmp_path / "main.js").split("\n") == [
        "const a = 1", "", "", "function b() { return a }", "", "", "export const c = b(a)", "",
    ]  # fmt: skip
    (tmp_path / "a.js").write_text("import {b} from './b.js'\nexport const a = 1\n")
    with pytest.raises(ValueError, match=r"^b\.js imports itself, through main\.js and b\.js and a\.js$"):
        join_modules(tmp_path / "main.js")
