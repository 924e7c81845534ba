"""The server: Streamlit's pages and the addresses of views, over one ASGI app.

`python app.py`, `uvicorn app:app` and `streamlit run app.py` all serve it; `make run` calls the first.

Settings, from the environment:
PORT                        8501
HOST                        0.0.0.0: every network this machine is in
LOSSARIUM_PREFIX            the path under which the site stands, such as /lossarium; its host's root without it
LOSSARIUM_FRAME_ANCESTORS   the sites that may show this one in a frame, such as "https://school.example"
LOSSARIUM_METRICS           on: figures for Prometheus at /metrics
LOSSARIUM_DRAIN             2: seconds between SIGTERM and the end of listening, in which balancers turn away
FORWARDED_ALLOW_IPS         127.0.0.1: proxies whose X-Forwarded-For says who asks; uvicorn reads it
"""

import asyncio
import gc
import os

# Before NumPy is imported: on small matrices the other threads only spin, and they take the processor from the pages.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path

import streamlit as st
from anyio import to_thread
from PIL import Image
from starlette.middleware import Middleware

import core
from core import apart
from core.kept import share_memory
from core.server import (
    Bundle,
    Guard,
    Metrics,
    Prefix,
    Readiness,
    Unfinished,
    document,
    frame_ancestors,
    read_drain,
    read_shown,
    serve,
)
from core.stage.files import version
from core.stage.prefix import site_prefix
from core.stage.route import first_payload, kept_payloads, prepare, routes, warm
from core.ui.runtime import answer_soon, end_sessions
from core.views import VIEWS, unknown
from core.views.apart import ViewsApart

HERE = Path(__file__).parent
STATIC = Path(st.__file__).parent / "static"
LATE = ("pandas", "plotly.graph_objects", "streamlit.web.skills", "pages.site")  # what is first imported in a session

answer_soon()
share_memory()
os.chdir(HERE)  # Streamlit looks for .streamlit/config.toml where it is started
payloads = kept_payloads()
prefix = site_prefix()
apart.start()
page = document(STATIC, f"{prefix}/")
readiness = Readiness(partial(first_payload, VIEWS.values(), payloads))


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
    tasks = [asyncio.create_task(prepare(payloads)), asyncio.create_task(end_sessions())]
    readiness.started = True
    yield
    readiness.leaving = True
    for task in tasks:
        task.cancel()
    payloads.close()
    apart.close()


app = st.App(
    HERE / "pages" / "site.py",
    routes=[*routes(VIEWS, unknown, payloads, elsewhere=ViewsApart()), readiness.route()],
    lifespan=ready,
    middleware=[
        Middleware(
            Guard, scripts=page.scripts, ancestors=frame_ancestors(os.environ.get("LOSSARIUM_FRAME_ANCESTORS", ""))
        ),
        Middleware(Prefix, prefix=prefix),
        Middleware(
            Metrics,
            payloads=payloads,
            version=version(),
            shown=read_shown(os.environ.get("LOSSARIUM_METRICS", "")),
        ),
        Middleware(Unfinished, readiness=readiness),
        Middleware(Bundle, static=STATIC, page=page),
    ],
)

if __name__ == "__main__":
    host, port = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8501"))
    drain = read_drain(os.environ.get("LOSSARIUM_DRAIN", ""))
    print(f"Lossarium: http://localhost:{port}{prefix} (stop it with Ctrl+C)", flush=True)
    serve(app, readiness, host=host, port=port, drain=drain)
