"""HTTP answers whose content is kept compressed: encodings, ETags, and how long a browser may keep them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping

import pyarrow
from starlette.datastructures import Headers
from starlette.responses import Response

IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}  # an address that changes with its content
REVALIDATED = {"Cache-Control": "no-cache"}  # ask again each time; the ETag saves the transfer
PASSING = {"Cache-Control": "no-store"}  # nobody asks for it twice
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
    """Twelve hexadecimal digits that change with the content."""
    return hashlib.sha256(content).hexdigest()[:12]


def accepted_encoding(headers: Headers, offered: tuple[str, ...] = ENCODINGS) -> str:
    """The first of the offered encodings that a request's headers accept, else IDENTITY."""
    accepts = {}
    for part in headers.get("accept-encoding", "").lower().split(","):
        name, _, quality = part.partition(";")
        accepts[name.strip()] = quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    accepted = [name for name in offered if accepts.get(name, accepts.get("*", False))]
    return accepted[0] if accepted else IDENTITY


def content_headers(encoding: str, tag: str, caching: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer in this encoding. `tag` changes with the content; `caching` is one of the above.

    Each encoding has an ETag of its own, as HTTP asks. The encoding is named even where there is none, so that no
    middleware compresses a second time.
    """
    return {**caching, "Content-Encoding": encoding, "ETag": f'"{tag}-{encoding}"', "Vary": "Accept-Encoding"}


def not_modified(headers: Headers, answer: Mapping[str, str]) -> Response | None:
    """The answer 304, if the request's headers say that the client has what `answer`'s headers describe."""
    tags = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    if answer["ETag"] not in tags:
        return None
    return Response(status_code=304, headers={name: answer[name] for name in ("Cache-Control", "ETag", "Vary")})
