"""The environment is read once; what is wrong in it is named at once, with its mend."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app import create_app
from settings import ROOT, Settings, SettingsError, socket_path

REAL = {
    "SECRET_KEY": "k" * 32,
    "TWILIO_ACCOUNT_SID": "AC" + "0a" * 16,
    "TWILIO_AUTH_TOKEN": "t" * 32,
    "PUBLIC_URL": "https://desk.example.com/",
}


def faults(environ: dict[str, str], var: Path) -> list[str]:
    """What the desk has against this environment."""
    with pytest.raises(SettingsError) as refusal:
        Settings.load({"VAR_FOLDER": str(var), **environ})
    return refusal.value.faults


def test_an_administrator_who_sets_nothing_gets_a_desk_to_try(tmp_path: Path) -> None:
    settings = Settings.load({"VAR_FOLDER": str(tmp_path)})
    assert not settings.in_production
    assert settings.public_url == "http://127.0.0.1:5000"
    assert settings.twilio_api_base == "http://127.0.0.1:5050"
    assert settings.database_url == f"sqlite:///{tmp_path}/desk.sqlite3"
    assert settings.redis_embedded
    assert settings.redis_url == f"unix://{tmp_path}/valkey.sock"
    assert settings.media_url == f"file://{tmp_path}/recordings"


def test_the_demo_keeps_its_account_and_its_key_for_the_next_start(tmp_path: Path) -> None:
    first = Settings.load({"VAR_FOLDER": str(tmp_path)})
    assert Settings.load({"VAR_FOLDER": str(tmp_path)}) == first
    assert len(first.secret_key) == 64
    for name in ("exchange.json", "secret.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        all_loaded = list(pool.map(lambda _: Settings.load({"VAR_FOLDER": str(tmp_path)}), range(8)))
    assert len({(s.secret_key, s.twilio_auth_token) for s in all_loaded}) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exchange.json", "secret.key"]


def test_with_an_account_the_desk_is_in_production_and_makes_nothing_of_a_demo(tmp_path: Path) -> None:
    settings = Settings.load({"VAR_FOLDER": str(tmp_path), **REAL})
    assert settings.in_production
    assert settings.twilio_api_base is None
    assert settings.public_url == "https://desk.example.com"
    assert not list(tmp_path.iterdir())


def test_a_real_line_without_its_secrets_is_refused_each_by_name(tmp_path: Path) -> None:
    found = faults({"TWILIO_ACCOUNT_SID": REAL["TWILIO_ACCOUNT_SID"]}, tmp_path)
    assert [fault.split()[0] for fault in found] == ["SECRET_KEY", "TWILIO_AUTH_TOKEN", "PUBLIC_URL"]
    assert faults({**REAL, "PUBLIC_URL": "http://desk.example.com"}, tmp_path) == [
        "PUBLIC_URL must begin with https:// where real callers are answered"
    ]


def test_every_fault_is_named_at_once_with_its_mend(tmp_path: Path) -> None:
    found = faults(
        {
            "PORT": "70000",
            "EXCHANGE_PORT": "-1",
            "WEB_WORKERS": "many",
            "PUBLIC_URL": "desk.example.com",
            "POLICY_FILE": "/nowhere/policy.toml",
            "LOG_FORMAT": "xml",
            "TWILIO_NUMBER": "962 4587",
            "DATABASE_URL": "mysql://root:hunter2@db/desk",
            "REDIS_URL": "memcached://x",
            "MEDIA_URL": "recordings",
            "TWILIO_ACCOUNT_SID": "AC123",
            "SECRET_KEY": "hunter2",
        },
        tmp_path,
    )
    named = {fault.split()[0] for fault in found}
    assert named >= {
        *("PORT", "EXCHANGE_PORT", "WEB_WORKERS", "PUBLIC_URL", "POLICY_FILE", "LOG_FORMAT", "TWILIO_NUMBER"),
        *("DATABASE_URL", "REDIS_URL", "MEDIA_URL", "TWILIO_ACCOUNT_SID", "SECRET_KEY", "TWILIO_AUTH_TOKEN"),
    }
    assert "hunter2" not in " ".join(found)


def test_no_secret_is_in_the_settings_repr(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": "postgres://desk:hunter2@db/desk", "REDIS_URL": "redis://:hunter3@cache"}
    settings = Settings.load({"VAR_FOLDER": str(tmp_path), **environ, "METRICS_TOKEN": "m" * 40})
    shown = repr(settings)
    secrets = (settings.secret_key, settings.twilio_auth_token, "hunter2", "hunter3", "m" * 40)
    assert not [secret for secret in secrets if secret in shown]
    assert settings.database_url == "postgresql+psycopg://desk:hunter2@db/desk"


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s" * 40 + "\n")
    settings = Settings.load({"VAR_FOLDER": str(tmp_path), "SECRET_KEY_FILE": str(tmp_path / "key")})
    assert settings.secret_key == "s" * 40


def test_a_file_that_is_not_there_and_a_secret_given_twice_are_refused(tmp_path: Path) -> None:
    assert "SECRET_KEY_FILE names /nowhere/key" in faults({"SECRET_KEY_FILE": "/nowhere/key"}, tmp_path)[0]
    (tmp_path / "key").write_text("s" * 40)
    both = {"SECRET_KEY": "s" * 40, "SECRET_KEY_FILE": str(tmp_path / "key")}
    assert faults(both, tmp_path) == ["SECRET_KEY and SECRET_KEY_FILE are both set: keep one of them"]


def test_the_desk_and_the_exchange_do_not_share_a_port(tmp_path: Path) -> None:
    assert "both 5050" in faults({"PORT": "5050"}, tmp_path)[0]


def test_the_store_finds_a_short_address_under_a_long_folder() -> None:
    assert len(str(socket_path(Path("/srv") / ("deep" * 40)))) < 100


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    settings = Settings.load({"VAR_FOLDER": str(tmp_path), "SECRET_KEY": "s" * 40})
    again = Settings.load({"VAR_FOLDER": str(tmp_path / "other"), "SECRET_KEY": "s" * 40})
    assert settings.key_for("codes") == again.key_for("codes") != settings.key_for("sessions")
    assert len(settings.key_for("codes")) == 32


def test_a_command_on_a_desk_that_cannot_open_says_why_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "policy.toml"
    broken.write_text((ROOT / "policy.toml").read_text().replace("Europe/Rome", "Europe/Roma"))
    monkeypatch.setenv("VAR_FOLDER", str(tmp_path))
    monkeypatch.setenv("POLICY_FILE", str(broken))
    with pytest.raises(SystemExit, match=r"policy.toml line \d+: office.zone: .Europe/Roma. is"):
        create_app()
    monkeypatch.setenv("PORT", "abc")
    with pytest.raises(SystemExit, match="PORT is no port"):
        create_app()
