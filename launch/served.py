"""The web application as granian serves it: pages that listen are let go as soon as it is to stop."""

import os
import signal
import sys
import threading

from flask import Flask

from app import create_app

SWITCHES_EVERY = 0.0005
"""Seconds. After each question to the database a turn would wait 5 ms for whoever works beside it."""


def application() -> Flask:
    """One for each of the server's processes, made in its main thread."""
    sys.setswitchinterval(SWITCHES_EVERY)
    app = create_app()
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)

    def let_go() -> None:
        """The server's own signals are the only ones that its processes answer to."""
        os.read(heard, 1)
        app.extensions["console"].listening.end()

    threading.Thread(target=let_go, name="let go", daemon=True).start()
    return app
