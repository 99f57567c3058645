"""A Python prompt with `desk` loaded: desk.reading() looks, desk.work() changes; `core` holds the core."""

import code
import importlib
import pkgutil
import readline
import rlcompleter
from types import SimpleNamespace
from typing import Any

import callbacks
from launch.desk import open_desk
from launch.refusal import or_says_why
from settings import Settings


def names() -> dict[str, Any]:
    """What the prompt knows: the desk, the settings, and every file of the core under `core`."""
    settings = Settings.load()
    found = [module.name for module in pkgutil.iter_modules(callbacks.__path__)]
    core = SimpleNamespace(**{name: importlib.import_module(f"callbacks.{name}") for name in found})
    return {"desk": open_desk(settings), "settings": settings, "core": core}


def main() -> None:
    """Open the prompt, with completion by tab."""
    with or_says_why():
        known = names()
    readline.set_completer(rlcompleter.Completer(known).complete)
    readline.parse_and_bind("tab: complete")
    code.interact(banner=__doc__, local=known, exitmsg="")


if __name__ == "__main__":
    main()
