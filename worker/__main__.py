"""Our own entry to RQ: `python -m worker` for all queues, `python -m worker dials` for one of them.

RQ's own command has none of the short times to live, and its pool imports the desk anew for every job.
"""

import sys
from functools import partial

import logs
from launch.refusal import or_says_why
from settings import Settings
from worker.crew import keep_a_crew
from worker.listening import listen
from worker.setup import compose
from worker.sources import QUEUES


def main() -> None:
    """One queue each, so that a job is never popped without the queue's safety net."""
    named = sys.argv[1:]
    if len(named) > 1 or not {*named} <= {*QUEUES}:
        sys.exit(", or ".join(("write python -m worker", *(f"python -m worker {each}" for each in QUEUES))))
    with or_says_why():
        settings = Settings.load()
        logs.configure(settings.log_format, settings.log_level)
        compose(
            settings
        ).desk.engine.dispose()  # what is at fault is said once, and not by each child for ever
    if named:
        listen(settings.redis_url, named[0])
    else:
        keep_a_crew({queue: partial(listen, settings.redis_url, queue) for queue in QUEUES})


if __name__ == "__main__":
    main()
