"""Two years of a busy desk on PostgreSQL: people, companies, requests, their journals and counts, in bulk."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from callbacks.database import Base
from callbacks.figures.counted import Counting
from callbacks.figures.tally import LENGTHS

AGENTS, COMPANIES, TALKING = 200, 300, 60
FIRST = 1000
"""Where the ids of what is made here begin: below are the few who were there before."""

OPEN_FROM = 10_000_000
"""Where the ids of the open ones begin."""

PEOPLE = {
    "id": f"{FIRST} + n",
    "sign_in": "'agent' || n",
    "name": "'Agent ' || n",
    "roles": "'[\"agent\"]'::json",
    "level": "1 + n % 2",
    "languages": """(ARRAY['["it"]', '["en"]', '["en", "it"]'])[1 + n % 3]::json""",
    "phone": "'+3902' || (55500000 + n)",
    "presence": "(ARRAY['ready', 'ready', 'ready', 'busy', 'away'])[1 + n % 5]",
    "presence_since": "now() - n * interval '1 minute'",
    "idle_since": "now() - n * interval '1 minute'",
    "created_at": "now() - interval '3 years'",
}
CUSTOMERS = {
    "id": f"{FIRST} + n",
    "company": "(ARRAY['Rossi', 'Bianchi', 'Weber', 'Novak', 'Smith'])[1 + n % 5] || ' Logistica ' || n",
    "created_at": "now() - interval '3 years'",
}
REQUEST = {
    "caller": "'+3902' || (10000000 + n % 40000)",
    "number": "'+3902' || (10000000 + n % 40000)",
    "topic": "(ARRAY['delivery', 'access', 'integration', 'content', 'strategy'])[1 + n % 5]",
    "level": "CASE WHEN n % 7 = 0 THEN 2 ELSE 1 END",
    "language": "CASE WHEN n % 3 = 0 THEN 'it' ELSE 'en' END",
    "subscription_id": f"{FIRST} + 1 + n * 7 % {COMPANIES}",
    "call_id": "NULL",
    "alarm_at": "NULL",
    "extension_code_id": "NULL",
    "received_at": "least(ends - interval '2 hours', now() - n % 60 * interval '3 minutes')",
    "watched_until": "least(ends - interval '2 hours', now())",
    "opens": "ends - interval '2 hours'",
    "closes": "ends",
    "at_risk_from": "ends - interval '30 minutes'",
    "first_handling_by": "ends",
    "solve_by_level_1": "ends + interval '1 day'",
    "solve_by_level_2": "ends + interval '2 days'",
    "ring_from": "ends - interval '2 hours'",
}
RANG = "ends - interval '2 hours' + waited"
CLOSED = REQUEST | {
    "id": f"{FIRST} + n",
    "reference": "(60000000 + n)::text",
    "state": "'closed'",
    "agent_id": f"{FIRST} + 1 + n % {AGENTS}",
    "first_rang_at": RANG,
    "first_reached_at": f"CASE WHEN n % 8 > 0 THEN {RANG} END",
    "closed_at": f"{RANG} + took",
    "disposition": "CASE WHEN n % 8 > 0 THEN 'solved' ELSE 'unreachable' END",
}
"""A tenth rang too late, an eighth reached nobody."""

OVER_YEARS = """
    SELECT n, day + interval '10 hours' + random() * interval '9 hours' AS ends,
        random() * random() * interval '4 hours' AS waited, random() * interval '30 hours' AS took
    FROM generate_series(1, :many) AS n JOIN (
        SELECT row_number() OVER (ORDER BY day) - 1 AS place, count(*) OVER () AS days, day
        FROM generate_series(current_date - 730, current_date - 1, interval '1 day') AS day
        WHERE extract(isodow FROM day) < 6
    ) AS worked ON place = n * days / (:many + 1)
"""
OPEN = REQUEST | {
    "id": f"{OPEN_FROM} + n",
    "reference": "(50000000 + n)::text",
    "kind": "coalesce((ARRAY['no_message', 'trouble', 'sales'])[part - 94], 'callback')",
    "state": f"CASE WHEN n <= {TALKING} THEN 'talking' WHEN n % 9 = 0 THEN 'assigned'"
    " WHEN part BETWEEN 60 AND 80 THEN 'paused' ELSE 'waiting' END",
    "agent_id": f"CASE WHEN n <= {TALKING} THEN {FIRST} + n"
    f" WHEN n % 9 = 0 THEN {FIRST} + 1 + n % {AGENTS} END",
    "ring_from": "CASE WHEN part <> 98 THEN ends - interval '2 hours' END",
    "for_person": "CASE WHEN part = 98 THEN 'missed' END",
    "first_rang_at": "CASE WHEN part BETWEEN 60 AND 94 THEN ends - dice * interval '2 hours' END",
}
NOW = """
    SELECT *, now() + CASE
        WHEN part < 3 THEN -dice * interval '5 hours'
        WHEN part < 8 THEN dice * interval '25 minutes'
        WHEN part < 30 THEN interval '31 minutes' + dice * interval '80 minutes'
        WHEN part < 60 THEN interval '3 hours' + dice * interval '90 hours'
        ELSE -dice * interval '20 days' END AS ends
    FROM (SELECT n, n % 100 AS part, random() AS dice FROM generate_series(1, :many) AS n) AS made
"""
"""Of a hundred three are late, five at risk; a third was rung and is not solved; a few are no promises."""

MESSAGE = {
    "id": f"{OPEN_FROM} + n",
    "callback_id": f"{OPEN_FROM} + n",
    "recording_sid": "'RE-years-' || n",
    "seconds": "5 + n % 90",
    "state": "'ours_alone'",
    "alarm_at": "NULL",
}
LINE = {
    "id": f"{FIRST} + row_number() OVER ()",
    "subject": "'callback/' || of",
    "seq": "line",
    "move": "what",
    "by": "who",
    "at": "moment",
    "written_at": "moment",
    "told_at": "moment",
    "alarm_at": "NULL",
    "facts": "'{}'::json",
    "personal_digest": "NULL",
}
LINES = """
    SELECT callbacks.id AS of, line, what, who, moment
    FROM callbacks LEFT JOIN agents ON agents.id = agent_id, LATERAL (VALUES
        (1, 'received', 'caller', received_at), (2, 'rang', 'agent:' || agents.sign_in, first_rang_at)
    ) AS told(line, what, who, moment)
    WHERE moment IS NOT NULL AND who IS NOT NULL AND callbacks.id > :many
"""
DIALS = f"""
INSERT INTO dials (id, callback_id, agent_id, live, mark, number, leg, fence, turn, tries, made_at, asked_at,
    accepted_at, rang_at, answered_at, ended_at, outcome, message_left, version)
SELECT {FIRST} + n, {OPEN_FROM} + n, {FIRST} + 1 + (n - 1) % {AGENTS}, CASE WHEN n <= {TALKING} THEN true END,
    md5(n::text), '+390212345678', CASE WHEN n <= {TALKING} THEN 'talking' ELSE 'ended' END, 1, 0, 0,
    began, began, began, began, began, CASE WHEN n > {TALKING} THEN began + interval '5 minutes' END,
    CASE WHEN n > {TALKING} THEN 'talked' END, false, 1
FROM (SELECT n, now() - n * interval '2 seconds' AS began FROM generate_series(1, 20000) AS n) AS made
"""
COUNTED = """
WITH facts AS (
    SELECT callbacks.*, agents.sign_in, received_at AT TIME ZONE 'Europe/Rome' AS there,
        CASE callbacks.level WHEN 1 THEN solve_by_level_1 ELSE solve_by_level_2 END AS solve_by,
        (extract(epoch FROM first_rang_at - received_at) / 60)::int AS waited,
        CASE WHEN first_rang_at <= closes THEN 'kept' WHEN first_rang_at IS NOT NULL THEN 'broken'
            WHEN closes < now() THEN 'late' ELSE 'open' END AS stand
    FROM callbacks LEFT JOIN agents ON agents.id = agent_id WHERE kind = 'callback'
), judged AS (
    SELECT *, CASE WHEN closed_at IS NULL AND solve_by > now() THEN NULL
        WHEN coalesce(closed_at, now()) > solve_by THEN 'missed' ELSE 'met' END AS solve,
        CASE stand WHEN 'kept' THEN 'met' WHEN 'open' THEN NULL ELSE 'missed' END AS handled,
        (ARRAY['no_agent', 'agent', 'carrier', 'passed'])[1 + id % 4] AS why FROM facts
)
INSERT INTO counted (callback_id, seq, day, hour, subscription_id, agent, topic, level, calendar, closes,
    solve_by, stand, late_seconds, cause, handled, solve, solve_cause, is_unsolved, solve_1, solve_2,
    rings, misses, rang, rang_wall, reached, reached_wall, due_at)
SELECT id, 9, there::date, extract(hour FROM there), subscription_id, sign_in, topic, level, calendar, closes,
    solve_by, stand, CASE stand WHEN 'broken' THEN waited * 60 - 7200 ELSE 0 END,
    CASE WHEN stand IN ('late', 'broken') THEN why END, handled, solve,
    CASE solve WHEN 'missed' THEN 'unsolved' END, solve IS NOT DISTINCT FROM 'missed' AND closed_at IS NULL,
    CASE level WHEN 1 THEN solve END,
    CASE level WHEN 2 THEN solve END, (waited IS NOT NULL)::int, 0, waited, waited,
    CASE WHEN first_reached_at IS NOT NULL THEN waited END,
    CASE WHEN first_reached_at IS NOT NULL THEN waited END,
    CASE stand WHEN 'open' THEN closes END
FROM judged
"""
PARTS = {"all": "''", "agent": "agent", "company": "subscription_id", "topic": "topic", "level": "level"}
SUMS = """
INSERT INTO day_sums (part, of, day, promised, kept, late, broken, open, ended, late_seconds, handled_met,
    handled_missed, solve_1_met, solve_1_missed, solve_2_met, solve_2_missed, rings, misses, reached, spread)
SELECT '{part}', coalesce(({of})::text, ''), day, count(*), count(*) FILTER (WHERE stand = 'kept'),
    count(*) FILTER (WHERE stand = 'late'), count(*) FILTER (WHERE stand = 'broken'),
    count(*) FILTER (WHERE stand = 'open'), 0, sum(late_seconds), count(*) FILTER (WHERE handled = 'met'),
    count(*) FILTER (WHERE handled = 'missed'), count(*) FILTER (WHERE solve_1 = 'met'),
    count(*) FILTER (WHERE solve_1 = 'missed'), count(*) FILTER (WHERE solve_2 = 'met'),
    count(*) FILTER (WHERE solve_2 = 'missed'), sum(rings), sum(misses), count(reached), '{{}}'
FROM counted GROUP BY 2, 3
"""
SPREAD = """
UPDATE day_sums SET spread = made.spread FROM (
    SELECT of, day, json_object_agg(name, counts) AS spread FROM (
        SELECT of, day, name, json_object_agg(value, times) AS counts FROM (
            SELECT coalesce(({of})::text, '') AS of, day, name, value, count(*) AS times
            FROM counted, LATERAL (VALUES ('hour', hour), {lengths}) AS each(name, value)
            WHERE value IS NOT NULL GROUP BY 1, 2, 3, 4
        ) AS counted GROUP BY 1, 2, 3
    ) AS named GROUP BY 1, 2
) AS made WHERE part = '{part}' AND made.of = day_sums.of AND made.day = day_sums.day
"""


def fill(engine: Engine, open_: int, closed: int) -> Iterator[str]:
    """Made beside the one request that the desk must hold already; says what it has made, one by one."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        connection.execute(text("SET LOCAL work_mem = '64MB'"))
        with _indexed_afterwards(connection, "callbacks", "entries", "counted", "messages"):
            yield from _fill(connection, open_, closed)
        yield "indexes"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.rollback()
        connection.connection.cursor().execute("VACUUM ANALYZE")
    yield "settled"


def _fill(connection: Connection, open_: int, closed: int) -> Iterator[str]:
    numbers = "SELECT n FROM generate_series(1, :many) AS n"
    for table, given, source, many in (
        ("agents", PEOPLE, numbers, AGENTS),
        ("subscriptions", CUSTOMERS, numbers, COMPANIES),
        ("callbacks", CLOSED, OVER_YEARS, closed),
        ("callbacks", OPEN, NOW, open_),
        ("messages", MESSAGE, numbers, open_),
        ("entries", LINE, LINES, FIRST),
    ):
        _like_the_first(connection, table, given, source, many)
        yield f"{table} ({many:,})" if many > FIRST else table
    connection.execute(text(DIALS))
    for table in ("agents", "subscriptions", "callbacks", "messages", "entries", "dials"):
        goes_on = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
        connection.execute(text(goes_on))
    connection.execute(text(COUNTED))
    yield "counted"
    lengths = ", ".join(f"('{name}', {name})" for name in LENGTHS)
    for part, of in PARTS.items():
        connection.execute(text(SUMS.format(part=part, of=of)))
        if part != "company":
            connection.execute(text(SPREAD.format(part=part, of=of, lengths=lengths)))
    counting = Counting.__table__.insert()  # type: ignore[attr-defined]
    latest = text("SELECT now() AS looked_until, max(id) AS walked_to FROM callbacks")
    connection.execute(counting.values(id=1, **connection.execute(latest).one()._mapping))
    yield "day sums"


def _like_the_first(
    connection: Connection, table: str, given: Mapping[str, str], source: str, many: int
) -> None:
    """So many more like the first row of the table, but for what is given of each."""
    columns = [column.name for column in Base.metadata.tables[table].columns]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(given.get(name, f'first_row."{name}"') for name in columns)
    first = f"(SELECT * FROM {table} ORDER BY id LIMIT 1) AS first_row"
    insert = f"INSERT INTO {table} ({names}) SELECT {values} FROM {first}, ({source}) AS made"
    connection.execute(text(insert), {"many": many})


@contextmanager
def _indexed_afterwards(connection: Connection, *tables: str) -> Iterator[None]:
    """Indexes that hold no rule are made when all is there: several times faster."""
    found = text(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(:tables) AND indexname LIKE 'ix_%'"
    )
    indexes = connection.execute(found, {"tables": list(tables)}).all()
    for index in indexes:
        connection.execute(text(f"DROP INDEX {index.indexname}"))
    yield
    for index in indexes:
        connection.execute(text(index.indexdef))
