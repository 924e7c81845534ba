"""The stage's JavaScript as one script: ES modules, each importing what it uses, joined by leaving those lines out.

One script is one request for a page, and all that a saved page has to hold. The modules share one scope in it, so they
keep to a part of the language:

    import {a, b} from './file.js'     one line, a file of the same folder, no other names for what is imported
    export const | let | function | async function | class     right before a declaration, at the start of a line

No two files declare the same name outside of functions, and no circle of imports. tests/stage/test_modules.py checks
this, and that each file imports all that it uses; a browser test loads the files as the modules that they are.
"""

from __future__ import annotations

import re
from pathlib import Path

IMPORT = re.compile(r"^import \{(\w+(?:, \w+)*)\} from '\./(\w+\.js)'\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|let|function|async function|class) )", re.MULTILINE)
OTHER = re.compile(r"^\s*(?:import|export)\b.*|\bimport\(.*", re.MULTILINE)


def join_modules(entry: Path) -> str:
    """The module `entry` and all that it imports, as one module that exports what `entry` does.

    ValueError for a line that imports or exports in any other way, and for a circle of imports.
    """
    parts = []
    for path in in_order(entry):
        source = IMPORT.sub("", path.read_text(encoding="utf-8"))
        inner = EXPORT.sub("", source)
        if other := OTHER.search(inner):
            raise ValueError(f"{path.name} can only be joined without this line: {other[0].strip()}")
        parts.append(source if path == entry else inner)
    return "\n".join(parts)


def in_order(path: Path, above: tuple[Path, ...] = ()) -> list[Path]:
    """A module and all that it imports, each after what it imports itself: the order in which a browser runs them."""
    if path in above:
        raise ValueError(f"{path.name} imports itself, through {' and '.join(part.name for part in above)}")
    found: list[Path] = []
    for _, name in IMPORT.findall(path.read_text(encoding="utf-8")):
        found += [part for part in in_order(path.parent / name, (*above, path)) if part not in found]
    return [*found, path]
