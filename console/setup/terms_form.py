"""The form of a subscription's terms: as it is filled in, and as it is read back."""

from collections.abc import Mapping

from flask import request

from console.setup.hand import typed

FIELDS = ("company", "plan", "contract_speed", "from", "until", "label")


def typed_terms() -> dict[str, str]:
    """The fields as `Reading.terms` reads them: languages in a row, a vertical bar between contacts."""
    languages = [typed("language"), *request.form.getlist("also")]
    people = [line.strip() for line in typed("contacts").split("\n")]
    return {
        **{name: typed(name) for name in FIELDS},
        "languages": " ".join(filter(None, languages)).replace("\x00", "")[:200],
        "contacts": " | ".join(filter(None, people)),
    }


def filled(fields: Mapping[str, str]) -> dict[str, str]:
    """As the form shows them: one contact a line."""
    contacts = fields.get("contacts", "")
    return {**fields, "contacts": "\n".join(part.strip() for part in contacts.split(" | "))}
