"""Reading the file and the secrets, and telling every mistake in one line that names file, key and remedy."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr, ValidationError

from intake109.config.settings import Config
from intake109.errors import ConfigError

_PASSWORD = re.compile(r"://[^/@]*:[^/@]+@")

SECRETS: dict[tuple[str, ...], str] = {
    ("channels", "telegram", "token"): "INTAKE109_TELEGRAM_TOKEN",
    ("channels", "telegram", "webhook_secret"): "INTAKE109_TELEGRAM_WEBHOOK_SECRET",
    ("channels", "whatsapp", "access_token"): "INTAKE109_WHATSAPP_ACCESS_TOKEN",
    ("channels", "whatsapp", "app_secret"): "INTAKE109_WHATSAPP_APP_SECRET",
    ("channels", "whatsapp", "verify_token"): "INTAKE109_WHATSAPP_VERIFY_TOKEN",
    ("channels", "instagram", "access_token"): "INTAKE109_INSTAGRAM_ACCESS_TOKEN",
    ("channels", "instagram", "app_secret"): "INTAKE109_INSTAGRAM_APP_SECRET",
    ("channels", "instagram", "verify_token"): "INTAKE109_INSTAGRAM_VERIFY_TOKEN",
    ("channels", "website", "secret"): "INTAKE109_WEBSITE_SECRET",
    ("alerts", "email", "password"): "INTAKE109_SMTP_PASSWORD",
    ("registry", "secret"): "INTAKE109_REGISTRY_SECRET",
    ("executors", "mailbox", "password"): "INTAKE109_MAILBOX_PASSWORD",
    ("storage", "database_url"): "INTAKE109_DATABASE_URL",
}
"""Config key → environment variable; `<variable>_FILE` names a file instead."""

NEEDED: dict[str, tuple[str, ...]] = {
    "telegram": ("token",),
    "whatsapp": ("phone_number_id", "access_token", "app_secret", "verify_token"),
    "instagram": ("user_id", "username", "access_token", "app_secret", "verify_token"),
    "website": ("secret",),
}
"""What each channel cannot do without once it is enabled."""


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Read and check the configuration.

    Raises:
        ConfigError: with one line per problem, each naming file, key and remedy.
    """
    problems: list[str] = []
    raw = _read(path)
    _refuse_secrets_in_file(path, raw, problems)
    _fill_secrets(raw, environment, problems)
    config, mistakes = _validated(raw)
    problems += [_line(path, one) for one in mistakes]
    problems += _missing(path, config)
    if problems:
        raise ConfigError(problems)
    return config


def _validated(raw: dict[str, Any]) -> tuple[Config, list[dict[str, Any]]]:
    """Return the mistakes and what the configuration would be without them, so that what is missing is told too."""
    try:
        return Config.model_validate(raw), []
    except ValidationError as error:
        mistakes: list[dict[str, Any]] = [dict(one) for one in error.errors()]
    for one in mistakes:
        place = raw
        *sections, key = one["loc"]
        for section in sections:
            if isinstance(place.get(section), dict):
                place = place[section]
            else:
                key = section
                break
        place.pop(key, None)
    try:
        return Config.model_validate(raw), mistakes
    except ValidationError:
        return Config(), mistakes


class _Loader(yaml.SafeLoader):
    """YAML in which a key that stands twice is a mistake: the first would be lost silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for at, key in enumerate(keys):
            if key in keys[:at]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"`{key}` stands twice", node.value[at][0].start_mark
                )
        return super().construct_mapping(node, deep)


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (a SafeLoader)
    except FileNotFoundError as error:
        raise ConfigError([f"{path}: no such file; name the right one with --config"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: cannot be read ({error}); check its rights and that it is UTF-8"]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise ConfigError(
            [f"{path}:{line} is not YAML ({_first_line(error)}); check indentation, quotes and repeated keys"]
        ) from error
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise ConfigError([f"{path}: must hold keys like `city:` at the top, not {type(raw).__name__}"])
    return raw


def _first_line(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]


def _section(raw: dict[str, Any], path: tuple[str, ...], *, create: bool) -> dict[str, Any] | None:
    place: Any = raw
    for key in path:
        if not isinstance(place, dict):
            return None
        if create and place.get(key) is None:
            place[key] = {}
        place = place.get(key)
    return place if isinstance(place, dict) else None


def _refuse_secrets_in_file(path: Path, raw: dict[str, Any], problems: list[str]) -> None:
    for keys, variable in SECRETS.items():
        section = _section(raw, keys[:-1], create=False)
        if section and section.get(keys[-1]) and (keys[0] != "storage" or _PASSWORD.search(str(section[keys[-1]]))):
            del section[keys[-1]]
            problems.append(f"{path}: {'.'.join(keys)}: no secrets in the file; set {variable} or {variable}_FILE")


def _fill_secrets(raw: dict[str, Any], environment: Mapping[str, str], problems: list[str]) -> None:
    for keys, variable in SECRETS.items():
        value = environment.get(variable, "")
        file = environment.get(f"{variable}_FILE", "")
        if file and not value:
            try:
                value = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(
                    f"environment: {variable}_FILE: {file}: {error}; check path, rights and that it is text"
                )
        section = _section(raw, keys[:-1], create=bool(value))
        if value and section is not None:
            section[keys[-1]] = value


def _line(path: Path, problem: dict[str, Any]) -> str:
    key = ".".join(str(part) for part in problem["loc"]) or "(top)"
    if problem["type"] == "extra_forbidden":
        return f"{path}: {key}: unknown key; remove it or correct its spelling"
    if problem["type"] == "model_type":
        return f"{path}: {key}: must hold keys of its own; write them below it, indented"
    message = str(problem["msg"]).removeprefix("Value error, ")
    given = problem.get("input")
    if problem["loc"] in SECRETS:
        return f"environment: {SECRETS[problem['loc']]}: {message}; correct the value"
    is_shown = not isinstance(given, dict | list)
    remedy = "put the value in quotes" if problem["type"] == "string_type" else "correct the value"
    return f"{path}: {key}: {message[:1].lower()}{message[1:]}{f' (it is {given!r})' if is_shown else ''}; {remedy}"


def _missing(path: Path, config: Config) -> list[str]:
    problems = []
    for name, keys in NEEDED.items():
        section = getattr(config.channels, name)
        if not section.enabled or (name == "instagram" and section.instaloader.enabled and not section.user_id):
            continue
        for key in keys:
            value = getattr(section, key)
            if value.get_secret_value() if isinstance(value, SecretStr) else value:
                continue
            variable = SECRETS.get(("channels", name, key))
            remedy = f"set {variable} or {variable}_FILE" if variable else "write it into the file"
            problems.append(f"{path}: channels.{name}.{key}: needed while the channel is enabled; {remedy}")
    email = config.alerts.email
    if email.host and email.user and not email.password.get_secret_value():
        problems.append(f"{path}: alerts.email.password: needed for user {email.user}; set INTAKE109_SMTP_PASSWORD")
    if config.registry.url and not config.registry.secret.get_secret_value():
        problems.append(f"{path}: registry.secret: needed while registry.url is set; set INTAKE109_REGISTRY_SECRET")
    mailbox = config.executors.mailbox
    if mailbox.host and not mailbox.password.get_secret_value():
        key = "executors.mailbox.password"
        problems.append(f"{path}: {key}: needed while executors.mailbox.host is set; set INTAKE109_MAILBOX_PASSWORD")
    if mailbox.host and not email.host:
        problems.append(f"{path}: executors.mailbox.host: replies need letters; set alerts.email, too")
    telegram = config.channels.telegram
    if config.alerts.telegram_chat is not None and not telegram.enabled:
        problems.append(f"{path}: alerts.telegram_chat: needs the bot; set channels.telegram.enabled to true")
    if telegram.enabled and telegram.mode == "webhook" and not telegram.webhook_secret.get_secret_value():
        problems.append(
            f"{path}: channels.telegram.mode: webhook needs a secret; set INTAKE109_TELEGRAM_WEBHOOK_SECRET or ..._FILE"
        )
    return problems
