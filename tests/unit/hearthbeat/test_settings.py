from pathlib import Path

import pytest

from hearthbeat.errors import SettingsError
from hearthbeat.settings import Settings, load, state_directory
from hearthbeat.settings_check import doubts, networks_named, public_url
from hearthbeat.settings_shown import MASK, as_toml


def from_toml(tmp_path: Path, text: str, **environ: str) -> Settings:
    file = tmp_path / "hearthbeat.toml"
    file.write_text(text)
    return load(file, environ=environ)


def refusal(tmp_path: Path, text: str = "", **environ: str) -> str:
    with pytest.raises(SettingsError) as refused:
        from_toml(tmp_path, text, **environ)
    return str(refused.value)


def test_without_file_and_environment_the_defaults_hold() -> None:
    assert load(environ={}) == Settings()


def test_the_environment_goes_above_the_file(tmp_path: Path) -> None:
    settings = from_toml(tmp_path, "[console]\nport = 8081\nhost = 'x'", HB_CONSOLE_PORT="8082")
    assert (settings.console.port, settings.console.host) == (8082, "x")


def test_the_two_addresses_have_the_names_that_the_readme_promises() -> None:
    settings = load(environ={"HB_DATABASE_URL": "postgresql:///x", "HB_MQTT_URL": "mqtt://y"})
    assert (settings.database.url, settings.mqtt.url) == ("postgresql:///x", "mqtt://y")


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[clinic]\nname = 'North'")
    assert load(environ={"HB_CONFIG": str(tmp_path / "a.toml")}).clinic.name == "North"


def test_a_secret_comes_from_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("pass word\n")
    settings = from_toml(tmp_path, "[mqtt]\npassword_file = 'secret'")
    assert settings.mqtt.password == "pass word"
    assert load(environ={"HB_MQTT_PASSWORD_FILE": str(tmp_path / "secret")}) == settings


def test_a_path_in_a_file_is_relative_to_the_file(tmp_path: Path) -> None:
    assert from_toml(tmp_path, "[mqtt]\nca = 'ca.pem'").mqtt.ca == tmp_path / "ca.pem"


def test_an_unknown_key_is_refused_with_file_key_and_what_there_is(tmp_path: Path) -> None:
    said = refusal(tmp_path, "[console]\nprot = 1")
    assert "hearthbeat.toml: console.prot: unknown key (did you mean port?)" in said
    assert "[console] has host, port" in said


def test_an_unknown_section_is_refused(tmp_path: Path) -> None:
    assert "unknown section [databse] (did you mean database?)" in refusal(
        tmp_path, "[databse]\nurl = 'x'"
    )


def test_an_unknown_variable_is_refused_as_a_typing_error(tmp_path: Path) -> None:
    said = refusal(tmp_path, HB_CONSOLE_PRT="1")
    assert said.startswith("environment: unknown setting HB_CONSOLE_PRT (did you mean HB_CONSOLE_P")


def test_variables_of_the_test_suite_are_no_settings() -> None:
    assert load(environ={"HB_TEST_SEED": "1", "HB_DEBUG": "1", "HOME": "/"}) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[console]\nport = '8080'", "console.port: '8080' is not a whole number from 0 to 65535"),
        ("[console]\nport = 65536", "console.port: 65536 is not a whole number from 0 to 65535"),
        ("[console]\nport = -1", "console.port: -1 is not a whole number from 0 to 65535"),
        ("[console]\nport = true", "console.port: True is not a whole number"),
        ("[log]\nlevel = 'loud'", "log.level: 'loud' is not one of debug, error, info, warning"),
        ("[ingest]\nbatch_readings = 0", "ingest.batch_readings: 0 is not a whole number, 1 or mo"),
        ("[database]\ncommand_timeout_s = 0", "command_timeout_s: 0 is not a number above 0"),
        ("[gateway]\nadopt_unknown = 'no'", "adopt_unknown: 'no' is not true or false"),
        ("[mqtt]\nca = 7", "mqtt.ca: 7 is not a path"),
        ("console = 1", "console is a section; write [console]"),
        ("[console\n", "is not TOML"),
        ("a = " + "9" * 5000, "is not TOML"),
        ("a = " + "[" * 5000, "is no settings file: brackets within brackets"),
        ("[clinic]\nname = 'a\\u0000'".replace("'", '"'), "clinic.name: the value holds a NUL"),
        ("[ingest]\nbatch_wait_ms = inf", "batch_wait_ms: inf is not a number, 0 or more"),
        ("[ingest]\nbatch_wait_ms = nan", "batch_wait_ms: nan is not a number, 0 or more"),
        ('[clinic]\nname = "a\\u001b[2J"', "is not text without control characters"),
        ('[clinic]\nname = "a\\n"', "is not text without control characters"),
        ('[clinic]\nname = "a\\u202e"', "is not text without control characters"),
        ("[ingest]\nworkers = 0", "workers: 0 is not a whole number from 1 to 64"),
        ("[ingest]\nworkers = 65", "workers: 65 is not a whole number from 1 to 64"),
    ],
)
def test_a_bad_value_is_refused_with_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_what_is_not_utf8_is_refused_in_words(tmp_path: Path) -> None:
    said = "environment: HB_LOG_LEVEL: the value holds a NUL, or is not UTF-8"
    assert refusal(tmp_path, HB_LOG_LEVEL="\udcff") == said


@pytest.mark.parametrize("number", ["1e20", "inf", "nan", "9" * 30, "65"])
def test_more_workers_than_a_machine_can_run_are_refused(tmp_path: Path, number: str) -> None:
    said = f"HB_INGEST_WORKERS: {number!r} is not a whole number from 1 to 64"
    assert said in refusal(tmp_path, HB_INGEST_WORKERS=number)


@pytest.mark.parametrize("number", ["inf", "-inf", "nan", "1e400"])
def test_no_number_without_end_comes_from_the_environment(tmp_path: Path, number: str) -> None:
    assert "is not a number, 0 or more" in refusal(tmp_path, HB_INGEST_BATCH_WAIT_MS=number)


@pytest.mark.parametrize("port", ["0", "8080", "65535"])
def test_every_port_is_taken_from_the_environment(port: str) -> None:
    assert load(environ={"HB_CONSOLE_PORT": port}).console.port == int(port)


def test_a_bad_secret_is_refused_without_being_shown(tmp_path: Path) -> None:
    assert "hunter2" not in refusal(tmp_path, "[mqtt]\npassword = ['hunter2']")


def test_a_secret_said_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("x")
    said = refusal(tmp_path, "[mqtt]\npassword = 'x'\npassword_file = 'p'")
    assert "password and password_file are both given" in said


def test_a_missing_file_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "none.toml", environ={})


def test_shown_settings_hold_no_secret_and_read_back_with_them(tmp_path: Path) -> None:
    settings = load(
        environ={
            "HB_DATABASE_URL": "postgresql://me:se:c@ret@host/db",
            "HB_MQTT_PASSWORD": 'quo"ted\\',
            "HB_CLINIC_NAME": "Ä clinic",
            "HB_MQTT_USERNAME": "two\nlines",
        }
    )
    shown = as_toml(settings)
    assert "se:c@ret" not in shown
    assert 'quo"ted' not in shown
    assert f'"postgresql://me:{MASK}@host/db"' in shown
    assert from_toml(tmp_path, as_toml(settings, secrets=True)) == settings


def test_state_belongs_to_the_user() -> None:
    assert state_directory({"XDG_STATE_HOME": "/s"}) == Path("/s/hearthbeat")
    assert state_directory({"XDG_STATE_HOME": "relative"}).parts[-3:] == (
        ".local",
        "state",
        "hearthbeat",
    )


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"HB_CLINIC_TIME_ZONE": "Mars/Base"}, "clinic.time_zone: 'Mars/Base' is not an IANA"),
        ({"HB_GATEWAY_TIME_ZONE": "../etc"}, "gateway.time_zone"),
        ({"HB_DATABASE_URL": "mysql://x"}, "database.url does not begin with postgresql://"),
        ({"HB_MQTT_URL": "http://x"}, "mqtt.url begins with neither"),
        ({"HB_DATABASE_URL": "postgresql://u:hunter2@[::bad/x"}, "database.url cannot be read"),
        ({"HB_MQTT_URL": "mqtt://u:hunter2@h:99999"}, "mqtt.url cannot be read: look at its host"),
        ({"HB_GATEWAY_ID": "a/b"}, "gateway.id is 1 to 64 letters"),
        ({"HB_MQTT_CA": "/nowhere/ca.pem"}, "mqtt.ca: /nowhere/ca.pem is not a file"),
        ({"HB_DATABASE_POOL_MIN": "9", "HB_DATABASE_POOL_MAX": "8"}, "pool_min is above"),
        ({"HB_CONSOLE_TRUSTED_PROXIES": "10.0.0.1/8"}, "console.trusted_proxies: 10.0.0.1/8 has"),
        ({"HB_CONSOLE_TRUSTED_PROXIES": "::1, proxy"}, "console.trusted_proxies: 'proxy' does"),
    ],
)
def test_values_that_do_not_fit_are_refused(environ: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        list(doubts(load(environ=environ)))
    assert said in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_trusted_proxies_are_addresses_and_networks() -> None:
    named = networks_named("console.trusted_proxies", "127.0.0.1, 10.0.0.0/8,::1")
    assert [str(one) for one in named] == ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]
    assert networks_named("console.trusted_proxies", "") == ()


def test_a_plain_line_off_this_machine_is_doubted() -> None:
    near = load(environ={"HB_DATABASE_URL": "postgresql:///x", "HB_MQTT_URL": "mqtt://127.0.0.1"})
    far = load(environ={"HB_DATABASE_URL": "postgresql:///x", "HB_MQTT_URL": "mqtt://example.org"})
    assert list(doubts(near)) == []
    assert list(doubts(far)) == [
        "mqtt.url has no TLS: readings would cross the network in the clear"
    ]


def checked(**environ: str) -> str:
    with pytest.raises(SettingsError) as refused:
        list(doubts(load(environ=environ)))
    return str(refused.value)


@pytest.mark.parametrize(("length", "fits"), [(31, False), (32, True), (33, True)])
def test_a_key_for_secrets_is_long(length: int, *, fits: bool) -> None:
    if fits:
        list(doubts(load(environ={"HB_CONSOLE_SECRET_KEY": "k" * length})))
    else:
        assert "at least 32" in checked(HB_CONSOLE_SECRET_KEY="k" * length)


def test_each_of_several_keys_is_long() -> None:
    assert "at least 32" in checked(HB_CONSOLE_SECRET_KEY="k" * 40 + ", short")


def test_a_provider_needs_to_be_known_and_reached_over_tls() -> None:
    provider = {"HB_OIDC_ISSUER": "https://id.example.org", "HB_OIDC_CLIENT_ID": "hearthbeat"}
    there = {"HB_CONSOLE_PUBLIC_URL": "https://care.example.org"}
    list(doubts(load(environ=provider | there)))
    home = {"HB_OIDC_ISSUER": "http://127.0.0.1:9000", "HB_CONSOLE_PUBLIC_URL": "http://localhost"}
    list(doubts(load(environ=provider | home)))
    assert "console.public_url" in checked(**provider)
    assert "oidc.client_id" in checked(**there, HB_OIDC_ISSUER=provider["HB_OIDC_ISSUER"])
    plain = {"HB_OIDC_ISSUER": "http://id.example.org"}
    assert "https://" in checked(**provider | there | plain)
    assert "https://" in checked(**provider, HB_CONSOLE_PUBLIC_URL="http://care.example.org")


def test_where_people_reach_the_console_is_said_once_for_messages_and_pages() -> None:
    both = {
        "HB_ALERTS_BASE_URL": "https://a.example/",
        "HB_CONSOLE_PUBLIC_URL": "https://b.example/",
    }
    assert public_url(load(environ={})) is None
    assert public_url(load(environ={"HB_ALERTS_BASE_URL": both["HB_ALERTS_BASE_URL"]})) == (
        "https://a.example"
    )
    assert public_url(load(environ=both)) == "https://b.example"
