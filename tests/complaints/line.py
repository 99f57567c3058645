"""What callers and agents do in these tests, and what rang."""

from dataclasses import dataclass, field

from callbacks import agent as agents
from callbacks.agent import Presence
from callbacks.callback import Callback
from exchange.phone import Call
from tests.people import ACME_PHONE
from tests.phone import Phone, requests
from tests.ringing import PHONES, Ringing, at_their_phones, hands
from tests.timed import Sara

OTHER_PHONE, THIRD_PHONE, MOBILE = "+390212344588", "+390212344589", "+393331234567"


@dataclass
class Line(Ringing):
    """A ringing desk with its callers' telephone, and the supervisor who is told."""

    phone: Phone = field(kw_only=True)

    @property
    def sara(self) -> Sara:
        """The supervisor, and what she heard."""
        (sara,) = self.means.channels
        assert isinstance(sara, Sara)
        return sara

    def asks(self, from_: str = ACME_PHONE) -> Callback:
        """A caller leaves a message and hangs up; every notice comes."""
        call = self.phone.leave_message(from_)
        call.hang_up()
        call.deliver_all()
        return requests(self.desk)[-1]

    def sit_down(self, *sign_ins: str) -> None:
        """These agents are at their phones."""
        with self.desk.work() as work:
            at_their_phones(work, *sign_ins)

    def go_away(self, sign_in: str, presence: Presence = Presence.AWAY) -> None:
        """One agent cannot be rung."""
        with self.desk.work() as work:
            agent = agents.by_sign_in(work.session, sign_in)
            assert agent is not None
            agent.presence = presence

    def restarted(self) -> None:
        """The timed side begins anew, knowing only what the database knows."""
        self.clocks[:] = [hands(self.means)]

    def accepted(self) -> Call:
        """The agent whose phone rings takes it; the customer's phone is about to ring."""
        call = self.ringing()
        call.pick_up()
        call.press("1")
        return call

    def talked(self) -> None:
        """The agent whose phone rings takes it, talks to the customer, and says that it is solved."""
        call = self.accepted()
        customer = call.answer()
        customer.silence()
        call.talk(120)
        customer.hang_up()
        call.press("1")
        call.deliver_all()

    def missed(self, how: str = "no-answer") -> None:
        """The agent whose phone rings takes it, and the customer's phone comes to nothing."""
        call = self.accepted()
        call.dial_result(how)
        call.deliver_all()

    def customers_rung(self) -> list[str]:
        """The numbers rung from the support number that are no agent's, in order."""
        legs = [each for each in self.exchange.store.calls.values() if each.direction == "outbound-dial"]
        return [leg.to for leg in legs]

    def agents_rung(self) -> list[str]:
        """Whose phones rang, in order."""
        names = {number: name for name, number in PHONES.items()}
        return [names[record.to] for _address, record in self.exchange.placed]

    def as_it_stands(self, callback: Callback) -> Callback:
        """This request, read again."""
        (found,) = [each for each in requests(self.desk) if each.id == callback.id]
        return found
