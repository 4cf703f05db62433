import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from bot.cli import main
from bot.settings import Settings, SettingsError, load_settings
from bot.texts import load_texts
from knowledge import GOALS_DIRECTORY

KEY = "k" * 32
VALUES = {
    "data_dir": "/tmp/somewhere",
    "knowledge_dirs": f"/tmp/a{os.pathsep}/tmp/b",
    "encoder": "some/model",
    "default_municipality": "vara",
    "default_language": "en",
    "operator": "Vara kommun",
    "telegram_token": "123:secret",
    "telegram_base_url": "http://127.0.0.1:8081/bot",
    "public_url": "https://malvakt.example.se/",
    "web_host": "0.0.0.0",
    "web_port": "9000",
    "allowed_origins": "https://www.vara.example http://127.0.0.1:8080",
    "rate_limit": "60",
    "rate_limit_networks": "192.0.2.0/24=600, 2001:db8::/32=90",
    "trusted_proxies": "10.0.0.0/8 ::1/128",
    "database_url": "postgresql://name:secret@127.0.0.1/malvakt",
    "staff_rate_limit": "100",
    "staff_idle_minutes": "15",
    "oidc_issuer": "https://id.vara.example/",
    "oidc_client_id": "malvakt",
    "oidc_client_secret": "client-secret",
    "oidc_name": "Vara",
    "oidc_trust_email": "True",
    "oidc_claim": "groups",
    "oidc_claim_roles": "kontaktcenter=reader, it=admin",
    "secret_key": KEY,
    "log_level": "debug",
}

COMPANIONS = {
    "oidc_issuer": ("oidc_client_id",),
    "oidc_claim": ("oidc_claim_roles",),
    "oidc_claim_roles": ("oidc_claim",),
}
"""Settings that mean nothing without another."""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No malvakt.yaml of the directory that the tests are started in."""
    monkeypatch.chdir(tmp_path)


def plain(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if isinstance(value, tuple):
        return (os.pathsep if name == "knowledge_dirs" else " ").join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}={one}" for key, one in value.items())
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def written(content: object, path: Path) -> Path:
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def test_every_setting_is_tested_here() -> None:
    assert VALUES.keys() == Settings.model_fields.keys()


@pytest.mark.parametrize("name", VALUES)
def test_each_setting_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in (name, *COMPANIONS.get(name, ())):
        monkeypatch.setenv(f"MALVAKT_{one.upper()}", VALUES[one])
    assert plain(load_settings(), name) == VALUES[name]


@pytest.mark.parametrize("name", VALUES)
def test_each_setting_from_the_file_and_the_environment_above_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = (name, *COMPANIONS.get(name, ()))
    config = written({one: VALUES[one] for one in names}, tmp_path / "other.yaml")
    assert plain(load_settings(config), name) == VALUES[name]
    monkeypatch.setenv("MALVAKT_CONFIG", str(config))
    assert plain(load_settings(), name) == VALUES[name]
    above = {
        "default_language": "sv",
        "web_port": "9001",
        "log_level": "error",
        "telegram_base_url": "https://other.example/bot",
        "public_url": "https://other.example/",
        "secret_key": "q" * 32,
        "allowed_origins": "https://other.example",
        "rate_limit": "61",
        "rate_limit_networks": "198.51.100.0/24=1",
        "trusted_proxies": "127.0.0.1/32",
        "database_url": "sqlite:////tmp/other.sqlite3",
        "staff_rate_limit": "101",
        "staff_idle_minutes": "16",
        "oidc_issuer": "https://other.example/",
        "oidc_trust_email": "False",
        "oidc_claim_roles": "a=b=editor",
    }.get(name, "/tmp/other")
    monkeypatch.setenv(f"MALVAKT_{name.upper()}", above)
    assert plain(load_settings(), name) == above


def test_the_defaults_need_no_file() -> None:
    settings = load_settings()
    assert settings.encoder == "bundled"
    assert settings.default_language == "sv"
    assert settings.telegram_token is None


def test_a_file_in_the_working_directory_is_read(tmp_path: Path) -> None:
    written({"operator": "Vara", "knowledge_dirs": ["/tmp/a", "/tmp/b"]}, tmp_path / "malvakt.yaml")
    assert load_settings().operator == "Vara"
    assert load_settings().knowledge_dirs == (Path("/tmp/a"), Path("/tmp/b"))


def test_an_empty_file_and_an_empty_variable_say_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "malvakt.yaml").write_text("# nothing\n", "utf-8")
    monkeypatch.setenv("MALVAKT_TELEGRAM_TOKEN", "")
    assert load_settings().telegram_token is None


def test_the_home_directory_may_be_written_as_a_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    written({"data_dir": "~/data", "knowledge_dirs": ["~/goals"]}, tmp_path / "malvakt.yaml")
    assert load_settings().data_dir == tmp_path / "data"
    assert load_settings().knowledge_dirs == (tmp_path / "goals",)


@pytest.mark.parametrize(
    ("name", "value", "code", "detail"),
    [
        ("DEFAULT_LANGUAGE", "de", "choice", "sv, en"),
        ("WEB_PORT", "0", "number", "1–65535"),
        ("WEB_PORT", "65536", "number", "1–65535"),
        ("WEB_PORT", "many", "number", "1–65535"),
        ("TELEGRAM_BASE_URL", "https://api.telegram.org", "base_url", ""),
        ("TELEGRAM_BASE_URL", "api.telegram.org/bot", "base_url", ""),
        ("TELEGRAM_BASE_URL", "https://[::1/bot", "base_url", ""),
        ("PUBLIC_URL", "malvakt", "url", ""),
        ("PUBLIC_URL", "ftp://malvakt", "url", ""),
        ("SECRET_KEY", "short-secret", "too_short", "32"),
        ("ALLOWED_ORIGINS", "https://a.example *", "origin", "*"),
        ("ALLOWED_ORIGINS", "https://a.example/page", "origin", "https://a.example/page"),
        ("ALLOWED_ORIGINS", "https://a@b.example", "origin", "https://a@b.example"),
        ("ALLOWED_ORIGINS", "https://a.example:x", "origin", "https://a.example:x"),
        ("ALLOWED_ORIGINS", "https://*.växjö.se", "origin", "https://*.växjö.se"),
        ("ALLOWED_ORIGINS", "https://a@växjö.se", "origin", "https://a@växjö.se"),
        ("ALLOWED_ORIGINS", "https://www.växjö.se:x", "origin", "https://www.växjö.se:x"),
        ("ALLOWED_ORIGINS", f"https://{'å' * 64}.se", "origin", f"https://{'å' * 64}.se"),
        ("ALLOWED_ORIGINS", "null", "origin", "null"),
        ("ALLOWED_ORIGINS", "https://*.example", "origin", "https://*.example"),
        ("TRUSTED_PROXIES", "10.0.0.0/33", "network", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "127.0.0.1 0.0.0.0/0", "everyone", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "::/0", "everyone", "::/0"),
        ("TRUSTED_PROXIES", "10.1.2.3/0", "everyone", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "0.0.0.0/1 ::1 128.0.0.0/1", "everyone", "0.0.0.0/0"),
        ("RATE_LIMIT", "0", "number", "1–1000000"),
        ("OIDC_TRUST_EMAIL", "kanske", "yes_or_no", ""),
        ("RATE_LIMIT_NETWORKS", "192.0.2.0/24", "network_limits", "=192.0.2.0/24"),
        ("RATE_LIMIT_NETWORKS", "school=5", "network_limits", "school"),
        ("RATE_LIMIT_NETWORKS", "192.0.2.0/24=0", "network_limits", "192.0.2.0/24=0"),
        ("RATE_LIMIT_NETWORKS", "192.0.2.0/24=5, 192.0.2.9/24=6", "given_twice", "192.0.2.9/24"),
        ("OIDC_CLAIM_ROLES", "it=admin, it=reader", "given_twice", "it"),
        ("OIDC_CLAIM_ROLES", "OU=Stab,O=Vara=reader", "claim_roles", "OU=Stab"),
        ("OIDC_ISSUER", "https://id.vara.example", "needs", "MALVAKT_OIDC_CLIENT_ID"),
        ("OIDC_CLAIM", "groups", "needs", "MALVAKT_OIDC_CLAIM_ROLES"),
        ("OIDC_CLAIM_ROLES", "it=admin", "needs", "MALVAKT_OIDC_CLAIM"),
        ("OIDC_CLAIM_ROLES", "it=boss", "claim_roles", "it=boss"),
        ("DATABASE_URL", "mysql://name:short-secret@host/db", "database_url", ""),
        ("LOG_LEVEL", "loud", "choice", "debug, info, warning, error"),
    ],
)
def test_a_wrong_value_is_named_and_no_secret_shown(
    name: str,
    value: str,
    code: str,
    detail: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(f"MALVAKT_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert (caught.value.code, caught.value.name) == (code, f"MALVAKT_{name}")
    assert caught.value.detail == detail
    assert main(["settings"]) == 2
    shown = capsys.readouterr().err
    assert shown == load_texts("sv")(f"settings_error.{code}", name=f"MALVAKT_{name}", detail=detail) + "\n"
    assert "short-secret" not in shown


def test_a_settings_error_is_in_the_language_that_is_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MALVAKT_DEFAULT_LANGUAGE", "en")
    monkeypatch.setenv("MALVAKT_WEB_PORT", "0")
    assert main(["settings"]) == 2
    assert "must be a whole number" in capsys.readouterr().err


def test_origins_are_written_as_browsers_send_them(monkeypatch: pytest.MonkeyPatch) -> None:
    written_by_people = {
        "https://WWW.Vara.Example:443/": "https://www.vara.example",
        "http://a.example:8080": "http://a.example:8080",
        "https://www.växjö.se": "https://www.xn--vxj-qla6g.se",
        # "ö" as "o" and a mark above it, as a Mac's file names have it.
        "HTTP://MALMO\u0308.se:8080/": "http://xn--malm-8qa.se:8080",
        "https://straße.example": "https://xn--strae-oqa.example",
        "https://xn--vxj-qla6g.se": "https://xn--vxj-qla6g.se",
        "https://[2001:DB8::1]:443": "https://[2001:db8::1]",
    }
    monkeypatch.setenv("MALVAKT_ALLOWED_ORIGINS", ", ".join(written_by_people))
    assert load_settings().allowed_origins == tuple(written_by_people.values())


def test_several_values_may_be_yaml(tmp_path: Path) -> None:
    content = {
        "allowed_origins": ["https://a.example", "https://b.example"],
        "rate_limit_networks": {"192.0.2.7": 600},
        "oidc_claim": "groups",
        "oidc_claim_roles": {"it": "admin", "OU=Stab,O=Vara": "reader"},
    }
    settings = load_settings(written(content, tmp_path / "malvakt.yaml"))
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert plain(settings, "rate_limit_networks") == "192.0.2.7/32=600"
    assert settings.oidc_claim_roles == {"it": "admin", "OU=Stab,O=Vara": "reader"}


def test_the_claim_value_with_a_comma_is_helped_on() -> None:
    assert "som YAML" in load_texts("sv")("settings_error.claim_roles", name="x", detail="y")
    assert "as YAML" in load_texts("en")("settings_error.claim_roles", name="x", detail="y")


def test_a_missing_companion_is_named_as_the_file_names_it(tmp_path: Path) -> None:
    path = written(
        {"oidc_issuer": "https://id.vara.example", "oidc_client_id": ""}, tmp_path / "malvakt.yaml"
    )
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert (caught.value.code, caught.value.detail) == ("needs", "oidc_client_id")
    assert caught.value.name == f"oidc_issuer ({path.name})"


@pytest.mark.parametrize(
    ("given", "configured"),
    [((), False), (("oidc_client_id",), False), (("oidc_issuer", "oidc_client_id"), True)],
)
def test_signing_in_with_a_provider_needs_issuer_and_client(given: tuple[str, ...], configured: bool) -> None:
    assert Settings.model_validate({one: VALUES[one] for one in given}).oidc_configured is configured


def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALVAKT_TELEGRAM_TOKKEN", "123:secret")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert (caught.value.code, caught.value.name) == ("unknown", "MALVAKT_TELEGRAM_TOKKEN")
    assert "123:secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "code", "name"),
    [
        (b"tokken: x\n", "unknown", "tokken"),
        (b"web_port: many\n", "number", "web_port"),
        (b"encoder: 5\n", "not_text", "encoder"),
        (b"data_dir:\n", "path", "data_dir"),
        (b"knowledge_dirs: 5\n", "paths", "knowledge_dirs"),
        (b"encoder: a\nencoder: b\n", "doubled", "encoder"),
        (b"oidc_claim: g\noidc_claim_roles:\n  it: admin\n  it: reader\n", "doubled", "it ("),
        (b"rate_limit_networks: {192.0.2.0/24: 5, 192.0.2.1/24: 6}\n", "given_twice", "rate_limit_networks"),
        (b"- a\n", "not_mapping", "malvakt.yaml"),
        (b"just words\n", "not_mapping", "malvakt.yaml"),
        (b"a: [1\n", "not_yaml", "malvakt.yaml"),
        (b"a: \xe5\n", "not_utf8", "malvakt.yaml"),
        (b"a: 1\n---\nb: 2\n", "not_yaml", "malvakt.yaml"),
        (b"a: 2024-99-99\n", "not_yaml", "malvakt.yaml"),
        (b"a: \x01\n", "not_yaml", "malvakt.yaml"),
        (b"[" * 100_000, "not_yaml", "malvakt.yaml"),
    ],
)
def test_a_file_with_faults_is_one_clear_line(
    content: bytes, code: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "malvakt.yaml"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert caught.value.code == code
    assert name in caught.value.name
    assert str(path) in caught.value.name
    assert main(["settings"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "line",
    [
        'telegram_token: "123:very-secret',
        "telegram_token: 123: very-secret",
        "telegram_token: *very-secret",
        "telegram_token: !very-secret x",
        "telegram_token: @very-secret",
        "telegram_token: {very-secret",
        "telegram_token very-secret\nencoder: x",
        "telegram_token: [very-secret]",
        "telegram_token: !!int very-secret",
        "secret_key: very-secret",
    ],
)
def test_what_is_said_of_a_file_quotes_no_secret(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "malvakt.yaml").write_text(f"operator: x\n{line}\n", "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert main(["settings"]) == 2
    shown = capsys.readouterr().err
    assert "very-secret" not in shown + str(caught.value)
    assert "malvakt.yaml" in shown
    assert shown.count("\n") == 1


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(SettingsError) as caught:
            load_settings(path)
        assert caught.value.code == "unreadable"


def test_secrets_are_masked_wherever_settings_are_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MALVAKT_TELEGRAM_TOKEN", "123:very-secret")
    monkeypatch.setenv("MALVAKT_SECRET_KEY", KEY)
    monkeypatch.setenv(
        "MALVAKT_TELEGRAM_BASE_URL", "https://name:very-secret@api.example:81/x?k=very-secret/bot"
    )
    monkeypatch.setenv("MALVAKT_PUBLIC_URL", "https://name:very-secret@malvakt.example/")
    settings = load_settings()
    assert "very-secret" in settings.telegram_base_url
    assert main(["settings"]) == 0
    shown = capsys.readouterr().out
    for text in (shown, repr(settings), str(settings), settings.model_dump_json()):
        assert "very-secret" not in text
        assert KEY not in text
    assert [line.split("=")[0] for line in shown.splitlines()] == [f"MALVAKT_{n.upper()}" for n in VALUES]
    assert "MALVAKT_TELEGRAM_TOKEN=**********" in shown
    assert "MALVAKT_TELEGRAM_BASE_URL=https://**********@api.example:81/x?**********\n" in shown
    assert f"MALVAKT_KNOWLEDGE_DIRS={GOALS_DIRECTORY}\n" in shown


def test_the_secret_key_is_the_setting_or_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path, secret_key=SecretStr(KEY)).reveal_secret_key() == KEY.encode()
    assert not (tmp_path / "secret.key").exists()
    settings = Settings(data_dir=tmp_path / "new" / "data")
    key = settings.reveal_secret_key()
    assert len(key) >= 32
    assert settings.reveal_secret_key() == key
    file = tmp_path / "new" / "data" / "secret.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]
    assert Settings(data_dir=tmp_path / "other").reveal_secret_key() != key


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b" " * 64])
def test_a_file_without_a_key_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        Settings(data_dir=tmp_path).reveal_secret_key()
    assert (caught.value.code, caught.value.name) == ("bad_key", str(tmp_path / "secret.key"))
    assert (tmp_path / "secret.key").read_bytes() == content


def test_one_key_where_the_disk_has_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: settings.reveal_secret_key(), range(8)))
    assert len(keys) == 1
    file = tmp_path / "secret.key"
    assert list(tmp_path.iterdir()) == [file]
    assert file.stat().st_mode & 0o777 == 0o600


def test_processes_and_threads_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    script = "from bot.settings import Settings; print(Settings().reveal_secret_key().decode())"
    environment = {**os.environ, "MALVAKT_DATA_DIR": str(tmp_path)}
    started = [
        subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    keys = {process.communicate(timeout=60)[0] for process in started}
    assert len(keys) == 1

    for number in range(20):
        settings = Settings(data_dir=tmp_path / str(number))
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _, one=settings: one.reveal_secret_key(), range(8)))
        assert len(keys) == 1
        assert keys == {settings.reveal_secret_key()}
