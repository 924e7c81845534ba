"""Middleware around Streamlit's own server: its bundle compressed, its page with early requests, security headers."""

from core.server.bundle import Bundle
from core.server.document import document
from core.server.guard import Guard, frame_ancestors

__all__ = ["Bundle", "Guard", "document", "frame_ancestors"]
