"""The server: Streamlit's pages and the addresses of views, over one ASGI app.

`python app.py`, `uvicorn app:app` and `streamlit run app.py` all serve it; `make run` calls the first.
"""

import os
from pathlib import Path

import streamlit as st

from core.stage.route import routes
from core.views import VIEWS, unknown

app = st.App(Path(__file__).parent / "pages" / "site.py", routes=routes(VIEWS, unknown))

if __name__ == "__main__":
    import uvicorn

    uvicorn.run(app, host=os.environ.get("HOST", "0.0.0.0"), port=int(os.environ.get("PORT", "8501")))
