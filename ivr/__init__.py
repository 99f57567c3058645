"""The phone line: Twilio asks, it answers in TwiML."""

from ivr.webhooks import Line, phone_line, sound_line

__all__ = ["Line", "phone_line", "sound_line"]
