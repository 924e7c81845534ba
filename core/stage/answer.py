"""Answers that are kept compressed: what a browser accepts, what it already has, how long it may keep it."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping

import pyarrow
from starlette.datastructures import Headers
from starlette.responses import Response

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # an address that changes with its content
BRIEFLY = {"Cache-Control": "no-cache"}  # ask again each time; the ETag saves the transfer
IDENTITY = "identity"
ENCODINGS = ("br", "gzip")  # best first

# Of Brotli's 11 levels, the last that is quick: plotly.js takes 0.5 s and comes out 16 % smaller than with gzip;
# levels 10 and 11 take ten times as long for another tenth.
BROTLI = pyarrow.Codec("brotli", compression_level=9)


def compress(content: bytes, encoding: str) -> bytes:
    """The content in one of ENCODINGS. The same content gives the same bytes."""
    if encoding == "br":
        return BROTLI.compress(content, asbytes=True)
    return gzip.compress(content, 9, mtime=0)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def encoding(headers: Headers, offered: tuple[str, ...] = ENCODINGS) -> str:
    """The first of the offered encodings that the client accepts, else identity."""
    weights = {}
    for part in headers.get("accept-encoding", "").lower().split(","):
        name, _, quality = part.partition(";")
        weights[name.strip()] = quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    accepted = [name for name in offered if weights.get(name, weights.get("*", False))]
    return accepted[0] if accepted else IDENTITY


def labels(used: str, tag: str, caching: Mapping[str, str]) -> dict[str, str]:
    """The headers of content `tag` in this encoding.

    The encoding is named even where there is none, so that no middleware compresses a second time.
    """
    return {**caching, "Content-Encoding": used, "ETag": f'"{tag}-{used}"', "Vary": "Accept-Encoding"}


def known(headers: Headers, answer: Mapping[str, str]) -> Response | None:
    """304, when the client says that it has what these labels describe."""
    tags = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    if answer["ETag"] not in tags:
        return None
    return Response(status_code=304, headers={name: answer[name] for name in ("Cache-Control", "ETag", "Vary")})
