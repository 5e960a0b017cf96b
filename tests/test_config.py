"""Every mistake in the configuration is one line that names file, key and remedy; all of them are told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake109.config import NEEDED, SECRETS, Config, load
from intake109.errors import ConfigError

REPOSITORY = Path(__file__).parent.parent


class Place:
    """A folder with a configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "config.yaml"

    def load(self, text: str, **environment: str) -> Config:
        self.path.write_text(text, encoding="utf-8")
        return load(self.path, environment)

    def problems(self, text: str, **environment: str) -> list[str]:
        with pytest.raises(ConfigError) as failure:
            self.load(text, **environment)
        return failure.value.problems


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("text", ["", "# nothing", "city:\n", "channels:\n  telegram:\n", "server: {}"])
def test_every_key_may_be_left_out(place: Place, text: str) -> None:
    assert place.load(text) == Config()


def test_the_gazetteer_is_a_file_and_an_empty_text_is_none(place: Place) -> None:
    assert place.load("city: {gazetteer: streets.csv}").city.gazetteer == Path("streets.csv")
    assert place.load('city: {gazetteer: ""}').city.gazetteer is None


def test_the_file_in_the_repository_says_what_the_defaults_are() -> None:
    assert load(REPOSITORY / "config.yaml", {}) == Config()


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ("cty: {}", "cty", "unknown key"),
        ("city: {nane_ru: x}", "city.nane_ru", "unknown key"),
        ("server: {port: 0}", "server.port", "greater than or equal to 1"),
        ("server: {port: many}", "server.port", "valid integer"),
        ("server: {public_url: example.kz}", "server.public_url", "https://host"),
        ("city: {time_zone: Mars/Olympus}", "city.time_zone", "Asia/Almaty"),
        ("city: {time_zone: ../../etc/passwd}", "city.time_zone", "Asia/Almaty"),
        ("promise: {target_minutes: 30}", "promise", "target_minutes ≤ automatic_minutes < promise_minutes"),
        ("promise: {automatic_minutes: 20}", "promise", "target_minutes ≤ automatic_minutes < promise_minutes"),
        ("promise: {undo_seconds: -1}", "promise.undo_seconds", "greater than or equal to 0"),
        ("classifier: {learn_at: '25:00'}", "classifier.learn_at", '"" for never'),
        ("classifier: {learn_at: 13:30}", "classifier.learn_at", "in quotes"),
        ("channels: {telegram: {mode: pigeon}}", "channels.telegram.mode", "'polling' or 'webhook'"),
        ("channels: {whatsapp: {phone_number_id: 123}}", "channels.whatsapp.phone_number_id", "in quotes"),
        ("channels: {whatsapp: {api_version: '23'}}", "channels.whatsapp.api_version", "pattern"),
        ("channels: {telegram: {watched_chats: [a]}}", "channels.telegram.watched_chats.0", "valid integer"),
        ("channels: [telegram]", "channels", "keys of its own"),
        ("storage: {database_url: mysql://h/d}", "INTAKE109_DATABASE_URL", "postgresql+psycopg://"),
        ("1: x", "1", "strings"),
    ],
)
def test_a_mistake_is_one_line_that_names_its_key_and_the_remedy(
    place: Place, text: str, key: str, remedy: str
) -> None:
    (problem,) = place.problems(text)

    assert problem.startswith((f"{place.path}: {key}: ", f"environment: {key}: "))
    assert remedy in problem
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("city: [", "line 1 is not YAML"),
        ("city:\n name_ru: x\n  name_kk: y", "line 3 is not YAML"),
        ("server: {port: 1}\nserver: {port: 2}", "line 2 is not YAML (`server` stands twice)"),
        ("a: \x01", "is not YAML"),
        ("- city", "must hold keys like `city:`"),
        ("x: !!python/object/apply:os.getcwd []", "is not YAML"),
    ],
)
def test_what_is_no_configuration_is_said_to_be_none(place: Place, text: str, told: str) -> None:
    (problem,) = place.problems(text)

    assert problem.startswith(f"{place.path}: ")
    assert told in problem
    assert "\n" not in problem


def test_a_file_that_is_missing_or_no_text_is_named(place: Place) -> None:
    with pytest.raises(ConfigError, match="no such file; name the right one with --config"):
        load(place.path, {})
    place.path.write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match="cannot be read"):
        load(place.path, {})


def test_all_mistakes_are_told_at_once_what_is_missing_too(place: Place) -> None:
    problems = place.problems(
        "cty: {}\nserver: {port: 0}\nchannels: {telegram: {enabled: true}, website: {enabled: true, secret: abc}}",
        INTAKE109_WHATSAPP_APP_SECRET_FILE="/nowhere",
    )

    told = "\n".join(problems)
    wanted = ("cty", "server.port", "channels.telegram.token: needed", "website.secret: no secrets", "APP_SECRET_FILE")
    assert [one for one in wanted if one not in told] == []


@pytest.mark.parametrize("name", NEEDED)
def test_an_enabled_channel_names_everything_it_cannot_do_without(place: Place, name: str) -> None:
    problems = place.problems(f"channels: {{{name}: {{enabled: true}}}}")

    assert [line.split(": ")[1] for line in problems] == [f"channels.{name}.{key}" for key in NEEDED[name]]
    assert all("; set INTAKE109_" in line or "; write it into the file" in line for line in problems)


def test_instaloader_alone_needs_no_credentials_of_the_graph_api(place: Place) -> None:
    assert place.load("channels: {instagram: {enabled: true, instaloader: {enabled: true}}}").channels.instagram.enabled


def test_a_webhook_of_telegram_needs_a_secret(place: Place) -> None:
    (problem,) = place.problems("channels: {telegram: {enabled: true, mode: webhook}}", INTAKE109_TELEGRAM_TOKEN="1:x")

    assert "INTAKE109_TELEGRAM_WEBHOOK_SECRET" in problem


@pytest.mark.parametrize(("keys", "variable"), SECRETS.items())
def test_a_secret_comes_from_the_environment_or_the_file_it_names(
    place: Place, keys: tuple[str, ...], variable: str
) -> None:
    value = "postgresql://u:swordfish@h/d" if keys[0] == "storage" else "swordfish"
    file = place.folder / "secret"
    file.write_text(f" {value}\n")

    given = place.load("", **{variable: value})
    named = place.load("", **{f"{variable}_FILE": str(file)})
    both = place.load("", **{variable: value, f"{variable}_FILE": "/nowhere"})

    assert given == named == both != Config()
    if keys[0] == "channels":
        assert "swordfish" not in repr(given)


@pytest.mark.parametrize(("keys", "variable"), SECRETS.items())
def test_a_secret_in_the_file_is_refused_and_never_repeated(place: Place, keys: tuple[str, ...], variable: str) -> None:
    value = "postgresql://u:swordfish@h/d" if keys[0] == "storage" else "swordfish"
    nested = "".join(f"{'  ' * depth}{key}:\n" for depth, key in enumerate(keys))

    (problem,) = place.problems(f"{nested.rstrip()} '{value}'")

    assert problem.startswith(
        f"{place.path}: {'.'.join(keys)}: no secrets in the file; set {variable} or {variable}_FILE"
    )
    assert "swordfish" not in problem


def test_a_wrong_secret_is_never_repeated(place: Place) -> None:
    (problem,) = place.problems("", INTAKE109_DATABASE_URL="oracle://u:swordfish@h/d")

    assert problem.startswith("environment: INTAKE109_DATABASE_URL: ")
    assert "swordfish" not in problem


def test_a_database_without_a_password_may_stand_in_the_file(place: Place) -> None:
    assert place.load("storage: {database_url: 'postgresql+psycopg:///intake'}").storage.url.endswith("/intake")
    assert place.load("storage: {folder: data}").storage.url == "sqlite:///data/intake109.sqlite3"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_secrets_file_that_cannot_be_read_is_named(place: Place, content: bytes | None) -> None:
    file = place.folder / "token"
    if content is not None:
        file.write_bytes(content)

    (problem,) = place.problems("", INTAKE109_TELEGRAM_TOKEN_FILE=str(file))

    assert problem.startswith(f"environment: INTAKE109_TELEGRAM_TOKEN_FILE: {file}")
