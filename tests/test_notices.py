"""Notices: who is told what and when; a failure is neither silent nor makes the others repeat themselves."""

import http.server
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from callbacks import journal
from callbacks.call import Kind
from callbacks.journal import Entry
from callbacks.policy.notices import NoticeAddress
from tests.people import fill, rome
from tests.timed import AT_RISK, LATE, MONDAY, OPENS, Sara, TimedDesk, with_policy
from worker.clock import Clock
from worker.notices import telling
from worker.notices.apprise import AppriseChannel
from worker.notices.channel import open_channels
from worker.notices.log import LogChannel
from worker.notices.notice import Notice

NUMBER = "+390212345678"


def looked(timed: TimedDesk, clock: Clock | None = None) -> None:
    """The clock looks until nothing is due, and all it set going has come to its end."""
    clock = clock or timed.clock_with()
    for _ in range(4):
        clock.look()
        assert clock.errands.settle(60)


def told(timed: TimedDesk) -> list[str]:
    """The titles Sara heard."""
    return [notice.title for notice in timed.sara.heard]


def entry(timed: TimedDesk, move: str) -> Entry:
    """The one line of this move."""
    [found] = timed.entries(move)
    return found


def test_sara_hears_of_a_late_callback_once(timed: TimedDesk) -> None:
    timed.promised()
    timed.clock.now = LATE
    for _ in range(2):
        looked(timed)
    assert sorted(told(timed)) == ["A callback is at risk", "A callback is late"]
    assert entry(timed, "late").told_at == LATE
    assert entry(timed, "due").told_at is None


def test_a_notice_names_reference_company_and_window_and_no_whole_number(timed: TimedDesk) -> None:
    key = timed.promised()
    timed.clock.now = AT_RISK
    looked(timed)
    [notice] = timed.sara.heard
    callback = timed.look_at(key)
    who_and_when = "caller without a code, promised Mon, Nov 23, 11:30 AM-1 PM; Mon, Nov 23, 2-2:30 PM"
    assert notice.lines == (f"{callback.reference}, {who_and_when}",)
    assert NUMBER not in str(notice)


def test_fifty_late_at_once_are_one_notice(timed: TimedDesk) -> None:
    timed.means = with_policy(timed, notices=replace(timed.desk.policy.notices, about=("at_risk",)))
    for number in range(60):
        timed.promised(f"CA{number}")
    timed.clock.now = AT_RISK
    looked(timed)
    assert sum(len(notice.lines) for notice in timed.sara.heard) == 60
    assert len(timed.sara.heard) <= 3


def test_a_message_for_sales_is_told_as_one(timed: TimedDesk) -> None:
    timed.promised(kind=Kind.SALES)
    looked(timed)
    assert told(timed) == ["A message for Sales"]


def test_what_nobody_asked_to_hear_is_not_told(timed: TimedDesk) -> None:
    timed.means = with_policy(timed, notices=replace(timed.desk.policy.notices, about=("late",)))
    timed.promised()
    timed.clock.now = LATE
    looked(timed)
    assert told(timed) == ["A callback is late"]


def test_at_night_nobody_is_disturbed_and_in_the_morning_all_is_told(timed: TimedDesk) -> None:
    timed.clock.now = rome("2026-11-23 22:00")
    with timed.desk.work() as work:
        journal.write(work, journal.DESK, "guessing", "desk", facts={"an_hour": 250})
    looked(timed)
    assert told(timed) == []
    timed.clock.now = rome("2026-11-24 09:00")
    looked(timed)
    assert told(timed) == ["Somebody may be guessing extension codes"]
    assert timed.sara.heard[0].lines == ("an_hour: 250",)


def test_a_policy_that_allows_it_tells_at_night(timed: TimedDesk) -> None:
    timed.means = with_policy(timed, notices=replace(timed.desk.policy.notices, outside_office_hours=True))
    timed.clock.now = rome("2026-11-23 22:00")
    with timed.desk.work() as work:
        journal.write(work, journal.DESK, "guessing", "desk")
    looked(timed)
    assert len(told(timed)) == 1


def test_sara_out_of_reach_is_tried_again_and_the_others_hear_it_once(timed: TimedDesk) -> None:
    mail = Sara("mail")
    timed.means = replace(timed.means, channels=(timed.sara, mail))
    timed.sara.reachable = False
    timed.promised(kind=Kind.SALES)
    looked(timed)
    line = entry(timed, "received")
    assert (line.told_at, line.alarm_at) == (None, MONDAY + timedelta(seconds=30))
    timed.clock.forward(timedelta(minutes=10))
    looked(timed)
    assert entry(timed, "received").alarm_at == timed.clock() + timedelta(minutes=5)
    timed.sara.reachable = True
    timed.clock.forward(timedelta(minutes=5))
    looked(timed)
    assert (len(mail.heard), len(timed.sara.heard)) == (1, 1)
    assert entry(timed, "received").told_at == timed.clock()


def test_a_retry_that_falls_into_the_evening_waits_for_the_morning(timed: TimedDesk) -> None:
    timed.sara.reachable = False
    timed.clock.now = rome("2026-11-23 17:00")
    timed.promised(kind=Kind.SALES)
    timed.clock.now = rome("2026-11-23 17:59")
    looked(timed)
    assert entry(timed, "received").alarm_at == rome("2026-11-24 09:00")


def test_after_three_days_it_is_given_up_loudly(timed: TimedDesk) -> None:
    timed.sara.reachable = False
    timed.promised(kind=Kind.SALES)
    timed.clock.now = rome("2026-11-27 10:00")
    with capture_logs() as said:
        looked(timed)
    assert "given up telling" in [line["event"] for line in said]
    assert entry(timed, "received").alarm_at is None


def test_a_worker_that_died_after_telling_may_tell_twice_and_never_not_at_all(timed: TimedDesk) -> None:
    timed.promised(kind=Kind.SALES)
    line = entry(timed, "received")

    class Dies(Sara):
        """Hears it, and the process is gone before anybody could write that down."""

        def send(self, notice: Notice) -> bool:
            self.heard.append(notice)
            raise KeyboardInterrupt

    last_words = Dies("sara")
    with pytest.raises(KeyboardInterrupt):
        telling.tell(replace(timed.means, channels=(last_words,)), [line.id])
    assert entry(timed, "received").told_at is None
    looked(timed)
    assert (len(last_words.heard), len(timed.sara.heard)) == (1, 1)


def test_a_channel_that_raises_is_a_channel_that_failed(timed: TimedDesk) -> None:
    class Stumbles(Sara):
        """Never comes to the point."""

        def send(self, notice: Notice) -> bool:
            raise ValueError(notice.title)

    timed.means = replace(timed.means, channels=(Stumbles("mail"), timed.sara))
    timed.promised(kind=Kind.SALES)
    looked(timed)
    assert told(timed) == ["A message for Sales"]
    assert entry(timed, "received").told_at is None


def test_notices_speak_the_desks_own_language(timed: TimedDesk) -> None:
    spoken = replace(timed.desk.policy.languages, offered=("it", "en"))
    timed.means = with_policy(timed, languages=spoken)
    timed.promised()
    timed.clock.now = AT_RISK
    looked(timed)
    assert told(timed) == ["Una richiamata è a rischio"]


def test_a_notice_in_the_log_holds_no_whole_number(timed: TimedDesk) -> None:
    fill(timed.desk)
    timed.means = replace(timed.means, channels=(LogChannel(),))
    timed.promised()
    timed.clock.now = OPENS
    with capture_logs() as said:
        timed.clock.now = LATE
        looked(timed)
    notices = [line for line in said if line["event"].startswith("A callback")]
    assert len(notices) == 2
    assert NUMBER not in str(said)


# --- real channels ---

apprise = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
"""Apprise looks for an old module of Python's when it loads its services."""


class Heard(http.server.BaseHTTPRequestHandler):
    """A web address that Apprise posts to."""

    bodies: list[bytes]

    def do_POST(self) -> None:
        """Keep what came."""
        type(self).bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def chat() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a chat, as Apprise writes it, and what was posted there."""

    class Here(Heard):
        bodies: list[bytes] = []  # noqa: RUF012 - this test's own

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Here)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/", Here.bodies
    server.shutdown()
    server.server_close()
    thread.join()


@apprise
def test_apprise_carries_title_and_lines(chat: tuple[str, list[bytes]]) -> None:
    address, bodies = chat
    assert AppriseChannel(address).send(
        Notice("late", "A callback is late", ("482913, Acme", "482914, Bolt"))
    )
    assert b"A callback is late" in bodies[0]
    assert b"482914, Bolt" in bodies[0]


@apprise
@pytest.mark.parametrize("address", ["json://127.0.0.1:9/", "nonsense://x"])
def test_apprise_that_reaches_nobody_says_so(address: str) -> None:
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    assert not AppriseChannel(address).send(Notice("late", "A callback is late", ()))


def test_a_channels_name_holds_no_secret_and_each_address_is_told_once(timed: TimedDesk) -> None:
    secret = NoticeAddress("env:SARA", "slack://token-a/token-b/token-c")
    notices = replace(timed.desk.policy.notices, to=(NoticeAddress("log", "log"), secret, secret))
    names = [channel.name for channel in open_channels(notices)]
    assert names[0] == "log"
    assert len(names) == 2
    assert names[1].startswith("slack-")
    assert "token" not in names[1]
