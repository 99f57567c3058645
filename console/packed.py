"""Whole pages travel packed, where the browser can unpack them."""

import gzip

from flask import Response, request

LEAST = 2_000
"""Bytes; what is smaller is not worth it."""


def pack(response: Response) -> Response:
    """Pages alone: living parts come packed already, and sound does not become smaller."""
    if response.mimetype != "text/html" or response.is_streamed or response.content_encoding:
        return response
    response.vary.add("Accept-Encoding")
    words = response.get_data()
    if len(words) >= LEAST and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(words, 4, mtime=0))
        response.content_encoding = "gzip"
    return response
