"""The conversation, in the order the caller hears it: one main line, and the lines that leave it."""

from callbacks.call import Kind
from ivr.answers import again, codes, messages, numbers, presence, sales, through, times, topics
from ivr.flow_check import Flow, Line
from ivr.steps import Ask, Connect, End, Instead, Keys, Say, Take, Through, Wait

CODE = Keys(most=None, speech=True)
NUMBER = Keys(most=None, speech=True)
DATE = Keys(most=8, speech=True)
KEY = Keys()
YES_BY_SILENCE = Keys(wait=Wait.CONFIRM)

STANDS = "stands stands_late stands_again stands_open stands_no_more"
"""Of these the one that is true is heard."""

FLOW = Flow(
    Line(
        "main",
        Ask(
            "extension", ("welcome closed language_key extension", "extension_2", "extension_3"), codes.judge,
            goes={
                "sales": "sales", "standard": "email_only", "lapsed": "lapsed", "agent": "presence",
                "being_called": "put_through",
            },
            keys=CODE,
            says=("code_unknown",), gives_up="no_code",
        ),
        Ask(
            "open_request", (f"{STANDS} open_request", "open_request_2", "open_request_3"), again.judge,
            goes={"add": "add_message", "time": "half_day", "number": "other_number", "cancel": "cancel"},
            keys=KEY, gives_up="add_message", instead=Instead(again.nothing_stands, "topic"),
            arrive=again.tell,
        ),
        Ask(
            "topic", ("topics", "topics_2", "topics_3"), topics.judge,
            keys=KEY, goes={"referral": "paid_service"}, gives_up="message",
        ),
        Take(
            "message", ("message",), messages.take, kind=Kind.CALLBACK, arrive=topics.settle,
            goes={"same": "stands"}, says=("same_again",),
        ),
        Ask(
            "number", ("number", "number_2", "number_3"), numbers.keep,
            keys=YES_BY_SILENCE, goes={"other": "other_number"}, gives_up="time",
            instead=Instead(numbers.none_to_keep, "other_number"),
        ),
        Ask(
            "time", ("time", "time_2", "time_3"), times.keep,
            keys=YES_BY_SILENCE, goes={"other": "half_day"}, gives_up="promise",
            arrive=numbers.settle, kept=True, instead=Instead(again.is_about_what_stands, "stands"),
        ),
        End(
            "promise", ("promise promise_number no_number reference goodbye",), kept=True,
            instead=Instead(again.is_about_what_stands, "stands"),
        ),
    ),
    Line(
        "calling again",
        Take("add_message", ("add_message",), again.added, kind=Kind.CALLBACK, arrive=again.adds),
        End("added", (f"added not_added {STANDS} goodbye",), kept=True),
    ),
    Line(
        "what stands is cancelled",
        Ask(
            "cancel", ("cancel", "cancel_2", "cancel_3"), again.cancel,
            keys=KEY, goes={"keep": "stands"}, gives_up="stands",
        ),
        End("cancelled", ("cancelled goodbye",), kept=True),
    ),
    Line(
        "being called at this moment",
        Through(
            "put_through", ("put_through",), through.dialled,
            goes={"missed": "not_through"}, arrive=through.take_over,
        ),
        End("through", ("goodbye",)),
    ),
    Line("nobody took it", End("not_through", (f"not_through {STANDS} goodbye",), kept=True)),
    Line("what stands", End("stands", (f"{STANDS} goodbye",), kept=True)),
    Line(
        "another number",
        Ask(
            "other_number", ("other_number", "other_number_2", "other_number_3"), numbers.enter,
            keys=NUMBER, says=numbers.REFUSALS, gives_up="time",
        ),
        Ask(
            "confirm_number", ("confirm_number", "confirm_number_2", "confirm_number_3"), numbers.confirm,
            keys=KEY, goes={"other": "other_number"}, gives_up="time",
        ),
        then="time",
    ),
    Line(
        "another time",
        Ask(
            "half_day", ("half_days", "half_days_2", "half_days_3"), times.half_day,
            keys=KEY, goes={"chosen": "promise"}, gives_up="promise", arrive=times.offer,
        ),
        Ask(
            "date", ("date", "date_2", "date_3"), times.enter,
            keys=DATE, says=times.REMARKS, gives_up="promise",
        ),
        Ask(
            "confirm_time", ("confirm_time", "confirm_time_2", "confirm_time_3"), times.confirm,
            keys=KEY, goes={"other": "date"}, gives_up="promise",
        ),
        then="promise",
    ),
    Line(
        "no Premium entitlement",
        Say("no_code", ("no_code",), to="sales"),
        Say("lapsed", ("lapsed",), to="sales"),
        Say("email_only", ("email_only premium_offer",), to="sales"),
    ),
    Line(
        "Sales",
        Connect(
            "sales", ("sales_connect",), sales.dialled,
            goes={"missed": "sales_message"}, instead=Instead(sales.out_of_reach, "sales_message"),
            arrive=sales.left_support,
        ),
        End("sales_done", ("goodbye",)),
    ),
    Line(
        "a message for Sales",
        Take(
            "sales_message", ("sales_message",), messages.take_for_sales, kind=Kind.SALES,
            arrive=sales.left_support,
        ),
        End("sales_taken", ("sales_taken goodbye",)),
    ),
    Line(
        "an agent",
        Ask(
            "presence", ("day day_list presence", "presence_2", "presence_3"), presence.judge,
            keys=KEY, gives_up="presence_is",
        ),
        End("presence_is", ("is_ready is_busy is_away goodbye",)),
    ),
    Line(
        "paid services",
        Ask(
            "paid_service", ("paid_service", "paid_service_2", "paid_service_3"), topics.referral,
            keys=KEY, goes={"request": "sales_message", "topics": "topic"}, gives_up="farewell",
        ),
        End("farewell", ("goodbye",)),
    ),
)  # fmt: skip
