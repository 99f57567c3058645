"""Fixtures every test may ask for; the databases' are in tests/databases.py."""

import gc

import pytest

from tests import once
from tests.at_carrier import carrier  # noqa: F401
from tests.carrier_check import the_carrier_would_take_it  # noqa: F401
from tests.databases import (  # noqa: F401 - pytest finds fixtures and options by name
    database_url,
    engine,
    free_databases,
    make_bare_postgresql,
    make_postgresql,
    make_sqlite,
    postgres_socket,
    pytest_addoption,
    pytest_generate_tests,
    understood,
)
from tests.desk import exchange, served_desk  # noqa: F401
from tests.desks import cast, clock, desk  # noqa: F401
from tests.living import house, living  # noqa: F401
from tests.phone import phone  # noqa: F401
from tests.recorded import left  # noqa: F401
from tests.screens import ada, bruno, sara, screens, settings, statements  # noqa: F401
from tests.setup import dora  # noqa: F401
from tests.timed import timed  # noqa: F401
from tests.valkey import mortal_valkey, redis_server, shared_valkey  # noqa: F401

once.remember()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded stays for the run: nobody need look it over again for what can be forgotten."""
    gc.collect()
    gc.freeze()
