"""Twilio's rules for TwiML as tables: which element may stand where, with which attributes and values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[str], str | None]


def matching(pattern: str, wanted: str) -> Check:
    """Make a check that a value matches a pattern as a whole."""
    compiled = re.compile(pattern)
    return lambda value: None if compiled.fullmatch(value) else f"must be {wanted}"


def whole(least: int, most: int) -> Check:
    """Make a check for a whole number between two bounds."""

    def check(value: str) -> str | None:
        good = value.isascii() and value.isdigit() and least <= int(value) <= most
        return None if good else f"must be a whole number from {least} to {most}"

    return check


def one_of(*words: str) -> Check:
    """Make a check for one word out of a few."""
    return lambda value: None if value in words else "must be one of " + ", ".join(words)


def some_of(*words: str) -> Check:
    """Make a check for a list, parted by spaces, of words out of a few."""

    def check(value: str) -> str | None:
        given = value.split()
        good = given and set(given) <= set(words) and len(set(given)) == len(given)
        return None if good else "must be some of " + ", ".join(words)

    return check


def either(first: Check, *words: str) -> Check:
    """Make a check that also lets a few words through."""
    return lambda value: None if value in words else first(value)


def anything(value: str) -> None:
    """Accept every value."""


TRUTH = one_of("true", "false")
METHOD = one_of("GET", "POST")
URL = matching(r"(https?://[^\s/?#]+[^\s]*)|([^\s:]*([/?#][^\s]*)?)", "an http(s) address without blanks")
KEYS = matching(r"[0-9#*]*", "keys of 0-9, # and *")
LANGUAGE = matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language such as en-US")
SECONDS = whole(1, 14400)
NUMBER = matching(r"[0-9+#*wW,.()\- ]+", "a telephone number")
RECORDING_MOMENTS = some_of("in-progress", "completed", "absent")
CALL_MOMENTS = some_of("initiated", "ringing", "answered", "completed")
DIAL_RECORD = one_of(
    "do-not-record", "record-from-answer", "record-from-ringing",
    "record-from-answer-dual", "record-from-ringing-dual", "true", "false",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """What one element may carry: attributes with their checks, elements within, text."""

    attributes: Mapping[str, Check] = field(default_factory=dict)
    nested: frozenset[str] = frozenset()
    text: Check | None = None  # None: text is not allowed; anything: it may be absent
    most_text: int = 4096
    needs_text: bool = False


SSML = frozenset(["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"])
NOTICE = {"statusCallback": URL, "statusCallbackMethod": METHOD, "statusCallbackEvent": CALL_MOMENTS}
MACHINE = {
    "machineDetection": one_of("Enable", "DetectMessageEnd"),
    "amdStatusCallback": URL,
    "amdStatusCallbackMethod": METHOD,
    "machineDetectionTimeout": whole(3, 59),
    "machineDetectionSpeechThreshold": whole(1000, 6000),
    "machineDetectionSpeechEndThreshold": whole(500, 5000),
    "machineDetectionSilenceTimeout": whole(2000, 10000),
}
RECORDING = {
    "trim": one_of("trim-silence", "do-not-trim"),
    "recordingStatusCallback": URL,
    "recordingStatusCallbackMethod": METHOD,
    "recordingStatusCallbackEvent": RECORDING_MOMENTS,
}
WHISPER = {"url": URL, "method": METHOD} | NOTICE

RULES: Mapping[str, Rule] = {
    "Response": Rule(
        nested=frozenset(["Say", "Play", "Pause", "Gather", "Record", "Dial", "Redirect", "Hangup", "Reject"])
    ),
    "Say": Rule(
        {"voice": anything, "language": LANGUAGE, "loop": whole(0, 1000)}, SSML, anything, needs_text=True
    ),
    "Play": Rule(
        {"loop": whole(0, 1000), "digits": matching(r"[0-9#*wW]+", "keys and w for waits")}, text=URL
    ),
    "Pause": Rule({"length": whole(1, 14400)}),
    "Gather": Rule(
        {
            "input": some_of("dtmf", "speech"),
            "action": URL,
            "method": METHOD,
            "timeout": either(whole(0, 600), "auto"),
            "speechTimeout": either(whole(1, 600), "auto"),
            "maxSpeechTime": whole(1, 600),
            "profanityFilter": TRUTH,
            "finishOnKey": KEYS,
            "numDigits": whole(1, 1000),
            "partialResultCallback": URL,
            "partialResultCallbackMethod": METHOD,
            "language": LANGUAGE,
            "hints": anything,
            "bargeIn": TRUTH,
            "debug": TRUTH,
            "actionOnEmptyResult": TRUTH,
            "speechModel": anything,
            "enhanced": TRUTH,
        },
        frozenset(["Say", "Play", "Pause"]),
    ),
    "Record": Rule(
        {
            "action": URL,
            "method": METHOD,
            "timeout": whole(0, 14400),
            "finishOnKey": KEYS,
            "maxLength": SECONDS,
            "playBeep": TRUTH,
            "transcribe": TRUTH,
            "transcribeCallback": URL,
        }
        | RECORDING
    ),
    "Dial": Rule(
        {
            "action": URL,
            "method": METHOD,
            "timeout": whole(1, 600),
            "hangupOnStar": TRUTH,
            "timeLimit": SECONDS,
            "callerId": anything,
            "record": DIAL_RECORD,
            "answerOnBridge": TRUTH,
            "ringTone": anything,
            "sequential": TRUTH,
            "recordingTrack": one_of("inbound", "outbound", "both"),
        }
        | RECORDING,
        frozenset(["Number", "Sip", "Client"]),
        NUMBER,
    ),
    "Number": Rule(WHISPER | MACHINE | {"sendDigits": anything}, text=NUMBER, needs_text=True),
    "Sip": Rule(
        WHISPER | MACHINE | {"username": anything, "password": anything},
        text=matching(r"sips?:\S+", "a SIP address"),
        needs_text=True,
    ),
    "Client": Rule(WHISPER, text=anything, needs_text=True),
    "Redirect": Rule({"method": METHOD}, text=URL, needs_text=True),
    "Hangup": Rule(),
    "Reject": Rule({"reason": one_of("rejected", "busy")}),
    "break": Rule(
        {
            "strength": one_of("none", "x-weak", "weak", "medium", "strong", "x-strong"),
            "time": matching(r"\d+(\.\d+)?m?s", "a time such as 300ms"),
        }
    ),
    "emphasis": Rule({"level": one_of("strong", "moderate", "reduced", "none")}, SSML, anything),
    "lang": Rule({"xml:lang": LANGUAGE}, SSML, anything),
    "p": Rule({}, SSML, anything),
    "s": Rule({}, SSML, anything),
    "phoneme": Rule({"alphabet": one_of("ipa", "x-sampa"), "ph": anything}, text=anything),
    "prosody": Rule({"volume": anything, "rate": anything, "pitch": anything}, SSML, anything),
    "say-as": Rule({"interpret-as": anything, "format": anything}, text=anything),
    "sub": Rule({"alias": anything}, text=anything),
    "w": Rule({"role": anything}, text=anything),
}

# Twilio knows these; this exchange cannot carry them out and says so rather than guess.
BEYOND = frozenset(
    [
        "Application", "Conference", "Connect", "Echo", "Enqueue", "Leave", "Pay", "Prompt", "Queue", "Refer",
        "Sim", "Sms", "Start", "Stop", "WhatsApp",
    ]
)  # fmt: skip
