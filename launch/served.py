"""The web application as granian serves it: pages that listen are let go as soon as it is to stop."""

import os
import signal
import threading

from flask import Flask

from app import create_app


def application() -> Flask:
    """One for each of the server's processes, made in its main thread."""
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
