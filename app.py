"""The server: Streamlit's pages and the addresses of views, over one ASGI app.

`python app.py`, `uvicorn app:app` and `streamlit run app.py` all serve it; `make run` calls the first.

Settings, from the environment: PORT (8501), HOST (0.0.0.0: every network this machine is in), and
LOSSARIUM_FRAME_ANCESTORS, the sites that may show this one in a frame, such as "https://school.example".
"""

import asyncio
import gc
import os
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import streamlit as st
from anyio import to_thread
from PIL import Image
from starlette.middleware import Middleware

import core
from core.server import Bundle, Guard, document, frame_ancestors
from core.stage.route import kept_payloads, prepare, routes, warm
from core.views import VIEWS, unknown

HERE = Path(__file__).parent
STATIC = Path(st.__file__).parent / "static"
LATE = ("pandas", "plotly.graph_objects", "streamlit.web.skills", "pages.site")  # what is first imported in a session

os.chdir(HERE)  # Streamlit looks for .streamlit/config.toml where it is started
payloads = kept_payloads()
page = document(STATIC)


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """Before the first visitor: every module is imported, the first pictures are made.

    Python imports a module for one thread while others already see it half made: a hundred sessions that arrive
    together at a server that still has modules to import fail on them.
    """
    for name in (*LATE, *(module.name for module in pkgutil.walk_packages(core.__path__, "core."))):
        import_module(name)
    Image.preinit()
    await to_thread.run_sync(warm, VIEWS.values(), payloads)
    # What is there now stays for good: the collector need not look through it again while people wait.
    gc.collect()
    gc.freeze()
    preparing = asyncio.create_task(prepare(payloads))
    yield
    preparing.cancel()


app = st.App(
    HERE / "pages" / "site.py",
    routes=routes(VIEWS, unknown, payloads),
    lifespan=ready,
    middleware=[
        Middleware(
            Guard, scripts=page.scripts, ancestors=frame_ancestors(os.environ.get("LOSSARIUM_FRAME_ANCESTORS", ""))
        ),
        Middleware(Bundle, static=STATIC, page=page),
    ],
)

if __name__ == "__main__":
    import uvicorn

    host, port = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8501"))
    print(f"Lossarium: http://localhost:{port} (stop it with Ctrl+C)", flush=True)
    # A long address gets the app's own answer whether it comes in one piece or in several.
    uvicorn.run(app, host=host, port=port, log_level="warning", h11_max_incomplete_event_size=2**17)
