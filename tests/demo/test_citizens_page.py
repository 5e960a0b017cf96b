"""The citizens' page shows each phone as its owner sees it, and lets a visitor play a citizen."""

from collections.abc import Iterator

import httpx
import pytest

from intake109.demo.standin import City

SAME = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def browser(city: City) -> Iterator[httpx.Client]:
    """A browser without a script."""
    with httpx.Client(base_url=city.url, trust_env=False, follow_redirects=True, headers=SAME) as client:
        yield client


def test_the_newest_conversation_is_first(city: City, browser: httpx.Client) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="Яма")
    city.act(channel="whatsapp", act="message", citizen="bolat", text="Мусор")

    first = browser.get("/").text
    city.act(channel="telegram", act="message", citizen="asel", text="Адрес: Абая 10")
    then = browser.get("/").text

    assert first.index('data-key="bolat"') < first.index('data-key="asel"')
    assert then.index('data-key="asel"') < then.index('data-key="bolat"')


def test_words_of_citizens_are_never_html(city: City, browser: httpx.Client) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="<script>alert(1)</script>")

    page = browser.get("/c/asel/telegram").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_lets_in_nothing_from_outside(browser: httpx.Client) -> None:
    page = browser.get("/")

    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "https://" not in page.text
    assert " style=" not in page.text


def test_a_visitor_writes_as_a_citizen_and_a_picture_goes_with_it(city: City, browser: httpx.Client) -> None:
    city.act(channel="telegram", act="start", citizen="asel")

    page = browser.post("/c/asel/telegram/say", data={"text": "Яма", "picture": "pothole"}).text

    line = city.ledger()[-1]
    assert (line["citizen"], line["act"], line["text"], line["addressed"]) == ("asel", "message", "Яма", True)
    assert '<img src="/_city/file/1"' in page


@pytest.mark.parametrize(
    ("channel", "where", "act"),
    [
        ("instagram", "", "dm"),
        ("instagram", "tag", "tag"),
        ("instagram", "under:1", "comment"),
        ("whatsapp", "", "message"),
    ],
)
def test_a_visitor_chooses_where_to_write(
    city: City, browser: httpx.Client, channel: str, where: str, act: str
) -> None:
    city.act(channel="instagram", act="post", account="news", text="Новость")
    city.world.ground.people.citizen("asel")

    browser.post(f"/c/asel/{channel}/say", data={"text": "@city109 яма", "where": where})

    assert city.ledger()[-1]["act"] == act


def test_a_visitor_presses_a_button_of_the_centre(city: City, browser: httpx.Client) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="Яма")
    token = city.world.ground.centre.bot_token
    chat_id = str(city.ledger()[0]["key"]).partition(":")[0]
    keyboard = {"inline_keyboard": [[{"text": "Да", "callback_data": "ok:1"}]]}
    asked = {"chat_id": chat_id, "text": "Починили?", "reply_markup": keyboard}
    browser.post(f"/bot{token}/sendMessage", json=asked)

    shown = browser.get("/c/asel/telegram").text
    browser.post("/c/asel/press", data={"channel": "telegram", "thread": "private", "data": "ok:1"})

    assert '<button name="data" value="ok:1" type="submit">Да</button>' in shown
    assert city.ledger()[-1]["act"] == "button"


def test_a_new_citizen_has_an_account_everywhere(city: City, browser: httpx.Client) -> None:
    page = browser.post("/new", data={"name": "Мария"})

    assert page.url.path == "/c/guest_1/telegram"
    assert all(f"/c/guest_1/{channel}" in page.text for channel in ("telegram", "whatsapp", "instagram"))


def test_a_form_of_a_foreign_site_is_refused(city: City, browser: httpx.Client) -> None:
    city.act(channel="telegram", act="start", citizen="asel")

    answer = browser.post("/c/asel/telegram/say", data={"text": "x"}, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert len(city.ledger()) == 1


def test_an_act_is_taken_as_json_only(city: City, browser: httpx.Client) -> None:
    fields = {"channel": "telegram", "act": "message", "citizen": "asel", "text": "Яма"}

    assert browser.post("/_city/act", data=fields).status_code == 415
    assert browser.post("/_city/act", json=fields).json()["seq"] == 1
    assert browser.post("/_city/act", json={**fields, "act": "fly"}).status_code == 400
    assert browser.get("/_city/ledger").json()["entries"] == city.ledger()


def test_nothing_is_sent_again_while_nothing_changed(city: City, browser: httpx.Client) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="Яма")
    asked = {"citizen": "asel", "channel": "telegram"}
    first = browser.get("/_page", params=asked).json()

    second = browser.get("/_page", params={**asked, "version": first["version"]})

    assert "Яма" in first["talk"]
    # Unless a minute has just begun, which makes "waiting 3 min" read otherwise.
    assert second.status_code == 304 or second.json()["version"] != first["version"]


@pytest.mark.parametrize(("language", "word"), [("ru", "Жители"), ("kk", "Тұрғындар"), ("en", "Citizens")])
def test_the_page_speaks_three_languages_and_remembers_which(browser: httpx.Client, language: str, word: str) -> None:
    browser.get("/", params={"lang": language})

    page = browser.get("/").text

    assert f'<html lang="{language}">' in page
    assert word in page


def test_a_mark_says_how_far_a_message_got(city: City, browser: httpx.Client) -> None:
    city.act(channel="telegram", act="message", citizen="asel", text="Яма")
    bot = f"/bot{city.world.ground.centre.bot_token}/getUpdates"

    sent = browser.get("/c/asel/telegram").text
    update = browser.post(bot).json()["result"][0]
    seen = browser.get("/c/asel/telegram").text
    browser.post(bot, json={"offset": update["update_id"] + 1})
    taken = browser.get("/c/asel/telegram").text

    marks = ['title="отправлено"', 'title="получено центром"', 'title="принято центром"']
    assert [mark in page for mark, page in zip(marks, (sent, seen, taken), strict=True)] == [True] * 3
