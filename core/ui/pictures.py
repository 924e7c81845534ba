"""Pictures of the pages, in the page's own theme."""

import streamlit as st

from core.stage.files import ROOT

FOLDER = ROOT / "assets" / "thumbnails"


def thumbnail(name: str, alt: str) -> None:
    """The picture of a page that `make pictures` took; nothing, as long as it has not."""
    mode = "dark" if st.context.theme.type == "dark" else "light"
    file = FOLDER / f"{name}-{mode}.png"
    if file.exists():
        st.image(file, alt=alt, width="stretch", output_format="PNG")  # as the file is: no run encodes it anew
