"""Once per deployment, before all else: the database in its newest form, and the policy file taken in.

Run as `python -m launch.release`; `script/start` does it by itself.
"""

import logs
from callbacks import policy_book
from callbacks.policy import text_of
from callbacks.work import Desk
from launch.desk import JUDGE, open_desk
from launch.migrate import upgrade
from launch.refusal import or_says_why
from settings import Settings


def release(settings: Settings) -> Desk:
    """The desk, ready to be opened. A policy file with faults is refused before anything is changed."""
    file = text_of(settings.policy_file)
    JUDGE.read(file, settings.policy_file.name)
    upgrade(settings.database_url)
    desk = open_desk(settings)
    desk.do(lambda work: policy_book.take_file(work, file))
    desk.look_again()
    return desk


def main() -> None:
    """A refusal is printed, a line for each fault."""
    with or_says_why():
        settings = Settings.load()
        logs.configure(settings.log_format, settings.log_level)
        release(settings).engine.dispose()


if __name__ == "__main__":
    main()
