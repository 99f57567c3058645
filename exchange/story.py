"""A call told as text, with the seconds at which each thing happened."""

from exchange.effects import Heard
from exchange.webhook import Webhook


class Story:
    """Lines to read, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, seconds: float, text: str) -> None:
        minutes, rest = divmod(int(seconds), 60)
        self.lines.append(f"{minutes:02}:{rest:02}  {text}")

    def note_sound(self, seconds: float, sound: Heard) -> None:
        language = f" [{sound.language}]" if sound.language else ""
        self.note(seconds, f"    {sound.kind}{language} {sound.text}".rstrip())

    def note_webhook(self, seconds: float, sent: Webhook) -> None:
        told = ("CallStatus", "Digits", "SpeechResult", "RecordingDuration", "DialCallStatus", "ErrorCode")
        shown = " ".join(f"{name}={sent.fields[name]}" for name in told if name in sent.fields)
        self.note(seconds, f"  {sent.kind}: {sent} ({shown})")

    def __str__(self) -> str:
        return "\n".join(self.lines)
