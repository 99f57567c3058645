"""The policy's pages: what administrators change of the desk's rules, a page a subject."""

from collections.abc import Iterator

from console.page import ADMINISTRATORS, Page
from console.room import Room
from console.setup.rules.closures import Closures
from console.setup.rules.history import History
from console.setup.rules.holidays import Holidays
from console.setup.rules.hours import Hours
from console.setup.rules.languages import Languages
from console.setup.rules.lines import PLAIN
from console.setup.rules.notices import Notices, TryNotice
from console.setup.rules.page import RulesPage, Subject
from console.setup.rules.promise import PromiseRules
from console.setup.rules.prompts import Prompts
from console.setup.rules.recording import LARGEST
from console.setup.rules.sales import NumbersAndSales
from console.setup.rules.topics import Topics

FORMS: tuple[Subject, ...] = (
    Hours(), Holidays(), PromiseRules(), Topics(), Languages(), NumbersAndSales(), *PLAIN, Notices(),
)  # fmt: skip
LISTED = (
    "hours", "holidays", "closures", "promise", "topics", "languages", "prompts", "numbers", "ringing",
    "calls", "retention", "notices", "history",
)  # fmt: skip

SENTENCE = "/setup/prompts/<language>/<name>"


def pages(room: Room) -> Iterator[Page]:
    """Those in the list, then what is done on them."""
    closures, prompts = Closures(room), Prompts(room)
    forms = {each.name: RulesPage(room, each) for each in FORMS}
    views = {name: form.show for name, form in forms.items()} | {
        "rules_closures": closures.show, "rules_prompts": prompts.show, "rules_history": History(room).show,
    }  # fmt: skip
    for name in LISTED:
        yield Page(
            f"/setup/{name}", f"rules_{name}", views[f"rules_{name}"], roles=ADMINISTRATORS, section="setup"
        )
    for name, form in forms.items():
        rule = f"/setup/{name.removeprefix('rules_')}"
        yield Page(rule, f"{name}_keep", form.keep, "POST", ADMINISTRATORS)
    yield Page(
        SENTENCE, "rules_prompt_replace", prompts.replace, "POST", ADMINISTRATORS, largest=LARGEST + 10_000
    )
    for rule, name, view, method in (
        ("/setup/closures/add", "rules_closure_add", closures.add, "POST"),
        ("/setup/closures/remove", "rules_closure_remove", closures.remove, "POST"),
        (SENTENCE, "rules_prompt", prompts.one, "GET"),
        (f"{SENTENCE}/voice", "rules_prompt_voice", prompts.give_back, "POST"),
        ("/setup/notices/try", "rules_notice_try", TryNotice(room).send, "POST"),
    ):
        yield Page(rule, name, view, method, ADMINISTRATORS)
