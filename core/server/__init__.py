"""What stands around Streamlit's own server: middleware, its page with early requests, readiness, metrics, its end."""

from core.server.bundle import Bundle
from core.server.document import document
from core.server.guard import Guard, frame_ancestors
from core.server.metrics import Metrics, read_shown
from core.server.prefix import Prefix
from core.server.readiness import Readiness
from core.server.serving import Unfinished, read_drain, serve

__all__ = [
    "Bundle",
    "Guard",
    "Metrics",
    "Prefix",
    "Readiness",
    "Unfinished",
    "document",
    "frame_ancestors",
    "read_drain",
    "read_shown",
    "serve",
]
