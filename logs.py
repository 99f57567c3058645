"""Structured logs, as text or JSON, that never hold a code, a token or a whole phone number."""

import logging
import re
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "hidden"
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

SECRETS = (
    "authorization|auth_?token|access_?token|token|password|passwd|secret(?:_?key)?|api_?key|cookie|session"
    "|signature|extension_?code|code|digits|speech_?result|unstable_?speech_?result|credentials?"
)
SECRET_KEY = re.compile(rf"(?:.*[_\W])?(?:x[-_]twilio[-_])?(?:{SECRETS})s?", re.IGNORECASE)
OPEN_KEY = re.compile(
    r"(?:http|status|error|exit|return|country|language|response|reason)_?code|.*_(?:id|state|tries|label)",
    re.IGNORECASE,
)
"""Names that end like a secret and are none."""

SAID_SECRET = re.compile(
    rf"(?<!exit )(?<!error )(?<!status )(?<![a-z])(?P<name>{SECRETS})"
    r"(?P<link>[\"']?\s*(?:[:=]|\bis\b)\s*|[\"']\s*,\s*(?=[\"'])|\s+(?=[\"']?(?:\d[\s,-]*){4,}))"
    r"(?P<value>(?:Bearer|Basic)\s+\S+|\"[^\"]*\"|'[^']*'|\d(?:[\s,-]?\d)*|[^\s&,;)\]}\"']+)",
    re.IGNORECASE,
)
"""A secret named within a sentence, a form, a header, or the repr of a dict or of pairs."""

CREDENTIALS = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)")
STATEMENT = re.compile(r"\[(?:parameters|SQL parameters): .*?\](?=\s*(?:\n|$|\())", re.DOTALL)
"""What SQLAlchemy adds to a fault: the values of the statement."""

OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
NUMBERS = re.compile(
    # Kept as they are: an SID, a UUID, a long fingerprint, a date with its time, an IP address.
    r"(?P<kept>\b[A-Z]{2}[0-9a-f]{32}\b"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b[0-9a-f]{40,}\b"
    r"|(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?"
    rf"|(?<![\d.])(?:{OCTET}\.){{3}}{OCTET}(?![\d.]))"
    # A bare token of 32 hexadecimal digits, as Twilio's are.
    r"|(?P<token>\b(?=[0-9a-f]*[a-f])[0-9a-f]{32}\b)"
    # Eight digits or more, however they are spaced; seven where a plus stands before.
    r"|(?P<phone>(?:\+|%2B)\d(?:[ ().\-/\u00a0]{0,3}\d){6,}|\d(?:[ ().\-/\u00a0]{0,3}\d){7,})"
    # Digits said one by one.
    r"|(?P<spelt>(?<![\w.])\d(?:(?:, ?|\. ?| )\d){3,}(?![\w]))",
    re.IGNORECASE,
)
CONTROLS = {n: f"\\x{n:02x}" for n in (*range(32), 127, *range(128, 160)) if n not in (9, 10)}


def redacted(text: str) -> str:
    """The text without codes, tokens and credentials; of a phone number the last four digits stay."""
    text = STATEMENT.sub("[parameters hidden]", text.translate(CONTROLS))
    text = SAID_SECRET.sub(lambda found: f"{found['name']}{found['link']}{HIDDEN}", text)
    text = CREDENTIALS.sub(HIDDEN, text)
    return NUMBERS.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    if found["token"] or found["spelt"]:
        return HIDDEN
    return "…" + "".join(c for c in found["phone"] if c.isdecimal())[-4:]


def is_secret(key: str) -> bool:
    """Whether a value under this name is never shown."""
    return bool(SECRET_KEY.fullmatch(key)) and not OPEN_KEY.fullmatch(key)


def shown(value: Any, key: str = "") -> Any:
    """The value as a log may hold it, to any depth; what we do not know is shown by its redacted repr."""
    if value is None or isinstance(value, bool):
        return value
    if is_secret(key):
        return HIDDEN
    if isinstance(value, int | float) and abs(value) < 10_000_000:
        return value
    if isinstance(value, Mapping):
        return {redacted(str(name)): shown(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [shown(inner) for inner in value]
    return redacted(str(value) if isinstance(value, str | int | float | BaseException) else repr(value))


def redact(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The processor all lines pass, ours and the libraries'; only a traceback keeps its line breaks."""
    safe: EventDict = {}
    for key, value in line.items():
        kept = value if key in {"timestamp", "level"} else shown(value, key)
        one_line = isinstance(kept, str) and key not in {"exception", "stack"}
        safe[redacted(key)] = kept.replace("\n", "\\n") if one_line else kept
    return safe


def configure(log_format: str = "text", level: str = "info", stream: TextIO | None = None) -> None:
    """Send structlog, the standard library's loggers, warnings and uncaught exceptions one way."""
    target = stream or sys.stderr
    sink = logging.StreamHandler(target)
    sink.setFormatter(formatter(log_format, colors=target.isatty()))
    root = logging.getLogger()
    root.handlers = [sink]
    root.setLevel(LEVELS[level])
    _quieten_libraries()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def formatter(log_format: str = "text", colors: bool = False) -> structlog.stdlib.ProcessorFormatter:
    """The one formatter; a server that sets up its own logging names this (`"()": "logs.formatter"`)."""
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if log_format == "text":
        renderer = structlog.dev.ConsoleRenderer(
            colors=colors, exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
        )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            renderer,
        ],
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _quieten_libraries() -> None:
    """Libraries whose every step would be a line say only what is wrong."""
    for name in ("werkzeug", "alembic", "urllib3", "twilio", "apprise", "rq.worker", "rq.scheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _log_uncaught(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("desk").critical("an exception nobody expected", exc_info=(kind, fault, trace))


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
