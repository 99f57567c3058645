"""The files of the look: read and packed once; a browser that has one never asks for it again."""

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Response, abort, request, url_for

FOLDER = Path(__file__).parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
"""A year, the longest there is: a file that was changed has another address."""


@dataclass(frozen=True)
class Asset:
    """One file. `packed` is empty where packing makes it no smaller."""

    whole: bytes
    packed: bytes
    mark: str
    kind: str

    @classmethod
    def of(cls, path: Path) -> "Asset":
        """As it lies there now."""
        whole = path.read_bytes()
        packed = gzip.compress(whole, 9, mtime=0)
        kind = mimetypes.guess_type(path.name)[0] or "text/plain"
        mark = sha256(whole).hexdigest()[:10]
        return cls(whole, packed if len(packed) < len(whole) else b"", mark, kind)


class Assets:
    """All of them by their names, from the start on."""

    def __init__(self) -> None:
        found = (path for path in FOLDER.rglob("*") if path.is_file())
        self._files = {path.relative_to(FOLDER).as_posix(): Asset.of(path) for path in found}

    def address(self, name: str) -> str:
        """It changes when the file does."""
        return url_for("console.static", filename=name, v=self._files[name].mark)

    def send(self, filename: str) -> Response:
        """The file; under an address that names another version of it, it is not kept."""
        asset = self._files.get(filename) or abort(404)
        is_packed = bool(asset.packed) and request.accept_encodings["gzip"] > 0
        response = Response(asset.packed if is_packed else asset.whole, mimetype=asset.kind)
        response.headers["Cache-Control"] = FOR_GOOD if request.args.get("v") == asset.mark else "no-cache"
        response.headers["Vary"] = "Accept-Encoding"
        if is_packed:
            response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{asset.mark}{'-gz' if is_packed else ''}")
        response.make_conditional(request)
        return response
