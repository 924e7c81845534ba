"""A stage as one HTML file that needs nothing else: it works from disk with no network, sliders and animation too."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping

from core.stage.encode import payload
from core.stage.files import FILM, SOLID, stage_files
from core.stage.stage import Stage

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}
body {{ margin: 0 auto; max-width: 80rem; padding: 1.5rem; }}
{side}</style>
</head>
<body>
<main id="root"></main>
<script>{plotly}</script>
<script type="module">
{script}
open(document.getElementById("root"), "{payload}", {values})
</script>
</body>
</html>
"""


# Whoever opens it may have a wider font than the site's: readings take more room.
SIDE_WITH_READINGS = "@media (min-width: 65rem) { .stage-side { max-width: 24rem; } }"


def base64_payload(stage: Stage) -> str:
    """A stage's payload as text, in base64."""
    return base64.b64encode(payload(stage)).decode()


def page(stage: Stage, values: Mapping[str, float]) -> str:
    """The HTML of a page that shows the stage, its sliders at these values by key, and fetches nothing."""
    files = {name: file.content.decode() for name, file in stage_files().items() if name not in FILM.values()}
    return PAGE.format(
        title=html.escape(f"{stage.name} · Lossarium"),
        style=files["stage.css"],
        side=SIDE_WITH_READINGS if stage.readings else "",
        plotly=files[SOLID if stage.solid else "plotly.js"].replace("</script", r"<\/script"),
        script=files["stage.js"].replace("</script", r"<\/script"),
        payload=base64_payload(stage),
        values=json.dumps(dict(values)),
    )
