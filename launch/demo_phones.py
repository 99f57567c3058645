"""The telephones of the demo's people: they lie on the exchange's page and ring there."""

PHONES = {"ada": ("Ada", "+390255512301"), "bruno": ("Bruno", "+390255512302")}
"""By sign-in: whose it is, and its number."""
