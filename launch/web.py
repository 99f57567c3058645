"""The web server: one program that becomes granian with our settings, on a platform as under script/start."""

import json
import logging
import os
import shutil
import sys
from pathlib import Path

from settings import Settings, SettingsError

LOOKS = 64
"""As many looks as `console/changes.py` lets in or lets wait."""


class Meant(logging.Filter):
    """Says nothing of the many threads: those of pages that listen are asleep."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is to be kept."""
        return "allows spawning up to" not in record.getMessage()


def command(settings: Settings) -> list[str]:
    """How granian is run: few threads a worker, since each turn of a call is short and waits for nothing.

    Beside them is one for each page that listens, and for each look that waits for its turn.
    """
    options = {
        "--interface": "wsgi",
        "--host": settings.host,
        "--port": str(settings.port),
        "--workers": str(settings.web_workers),
        "--blocking-threads": str(settings.web_threads + settings.listeners + LOOKS),
        "--backlog": "1024",
        "--backpressure": "4096",  # it counts connections, and the carrier keeps them open between turns
        "--respawn-interval": "0.2",
        "--workers-kill-timeout": "3",
        "--log-level": "warning",
        "--log-config": str(_log_rules(settings)),
    }
    flags = ["--factory", "--respawn-failed-workers", "--no-ws"]
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "granian", *flags, *words, "launch.served:application"]


def _log_rules(settings: Settings) -> Path:
    """Granian's own lines take our formatter, so that they pass the same redaction."""
    out = {"class": "logging.StreamHandler", "formatter": "desk", "stream": "ext://sys.stderr"}
    quiet = {"handlers": ["out"], "level": "WARNING", "propagate": False}
    rules = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"desk": {"()": "logs.formatter", "log_format": settings.log_format}},
        "handlers": {"out": out},
        "filters": {"meant": {"()": "launch.web.Meant"}},
        "loggers": {"_granian": {**quiet, "filters": ["meant"]}, "granian.access": quiet},
    }
    path = settings.var / "granian.json"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps(rules))
    return path


def _common_count(settings: Settings) -> Path:
    """An empty folder where the server's workers count together, so that /metrics is the same from each."""
    folder = settings.var / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def main() -> None:
    """Become the server."""
    try:
        settings = Settings.load()
    except SettingsError as faults:  # the server loads soon enough: nothing more is loaded for this here
        raise SystemExit(str(faults)) from None
    if settings.web_workers > 1:
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(_common_count(settings)))
    argv = command(settings)
    os.execv(argv[0], argv)


if __name__ == "__main__":
    main()
