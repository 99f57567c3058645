"""What a desk without an account makes once and keeps: its secret key and the exchange's account."""

import json
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The desk's own secret key, made on first use."""
    return _kept(path, lambda: secrets.token_hex(32))


def kept_account(path: Path) -> tuple[str, str]:
    """Account SID and token of the exchange in a box, made on first use."""
    account = json.loads(_kept(path, _new_account))
    return account["account_sid"], account["auth_token"]


def demo_codes(var: Path) -> dict[str, str]:
    """The extension codes of the demo in this folder, by company; nothing where there is none."""
    path = var / "demo.json"
    return dict(json.loads(path.read_text()).get("codes", {})) if path.exists() else {}


def _new_account() -> str:
    account = {"account_sid": "AC" + secrets.token_hex(16), "auth_token": secrets.token_hex(16)}
    return json.dumps(account)


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The text in the file; where there is none, what `make` gives, written whole or not at all.

    Several processes may come first at once: the link lets one of them win, and all read what it wrote.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # made with mode 600
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip()
