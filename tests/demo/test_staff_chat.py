"""The staff's group in the demo city: alerts reach it, and an inspector's phone shows it."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from intake109.demo import script
from intake109.demo.player import settle
from intake109.demo.show import config_text, secrets_of
from intake109.demo.standin import City


def test_an_alert_of_the_demo_is_read_and_taken_on_an_inspectors_phone(city: City, tmp_path: Path) -> None:
    settle(city.url, script.read())
    addresses = city.world.addresses()
    alerts = json.loads(config_text(tmp_path, 8109, city.url, addresses))["alerts"]
    bot = f"{city.url}/bot{secrets_of(addresses)['INTAKE109_TELEGRAM_TOKEN']}"
    buttons = {"inline_keyboard": [[{"text": "Беру", "callback_data": "take:1"}]]}
    message = {"chat_id": alerts["telegram_chat"], "text": "ИНЦИДЕНТ: задача 1", "reply_markup": buttons}

    with httpx.Client(trust_env=False) as client:
        sent = client.post(f"{bot}/sendMessage", json=message).json()
        page = client.get(f"{city.url}/c/shift_109/telegram").text
        city.act(channel="telegram", act="button", citizen="shift_109", chat="staff", button={"text": "Беру"})
        pressed = client.post(f"{bot}/getUpdates", json={}).json()["result"][-1]["callback_query"]

    assert sent["ok"]
    assert alerts["fallback"] == {"telegram": alerts["telegram_chat"]}
    assert "ИНЦИДЕНТ: задача 1" in page
    assert "Смена 109" in page
    assert pressed["data"] == "take:1"
