"""The law of the Graph API: tokens, fields, pages, windows and links that end."""

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from intake109.demo.standin import City


class Graph:
    """Calls of the Graph API with one of the two tokens."""

    def __init__(self, city: City, token: str) -> None:
        self.centre = city.world.ground.centre
        self._base = f"{city.url}/graph/v25.0"
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: str) -> httpx.Response:
        """Read."""
        return fetch(f"{self._base}/{path}?{urlencode(query)}", self._headers)

    def post(self, path: str, **body: object) -> httpx.Response:
        """Write."""
        # Without certificates to read, which nothing on the loopback needs, a call takes a tenth of the time.
        address = f"{self._base}/{path}"
        return httpx.post(address, json=body, headers=self._headers, trust_env=False, verify=False)

    def say(self, **message: object) -> httpx.Response:
        """Send a WhatsApp message."""
        return self.post(f"{self.centre.phone_number_id}/messages", messaging_product="whatsapp", **message)


def fetch(url: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """Get what is behind an address."""
    return httpx.get(url, headers=headers, trust_env=False, verify=False)


@pytest.fixture
def whatsapp(city: City) -> Graph:
    """WhatsApp's side."""
    return Graph(city, city.world.ground.centre.whatsapp_token)


@pytest.fixture
def instagram(city: City) -> Graph:
    """Instagram's side."""
    return Graph(city, city.world.ground.centre.instagram_token)


def error(answer: httpx.Response) -> tuple[int, int, int | None]:
    """Give status, code and subcode of a refusal."""
    body = answer.json()["error"]
    return answer.status_code, body["code"], body.get("error_subcode")


def phone(city: City) -> str:
    """Give the citizen's phone."""
    account = city.world.ground.people.citizen("asel").whatsapp
    assert account is not None
    return account.phone or ""


def text(body: str) -> dict[str, Any]:
    """Write a text message."""
    return {"type": "text", "text": {"body": body}}


def test_the_window_is_shut_exactly_24_hours_after_the_last_message(city: City, whatsapp: Graph) -> None:
    never = whatsapp.say(to=phone(city), **text("ok"))
    city.act(channel="whatsapp", act="message", citizen="asel", text="Яма")
    inside = whatsapp.say(to=phone(city), **text("ok"))

    city.act(channel="city", act="advance", seconds=24 * 3600)
    outside = whatsapp.say(to=phone(city), **text("ok"))
    template = whatsapp.say(to=phone(city), type="template", template={"name": "answer", "language": {"code": "ru"}})

    assert error(never) == (400, 131047, None)
    assert inside.status_code == 200
    assert error(outside) == (400, 131047, None)
    assert template.json()["messages"][0]["message_status"] == "accepted"


def test_the_window_error_may_come_as_a_failed_status_instead(city: City, whatsapp: Graph) -> None:
    city.act(channel="city", act="settings", async_window_errors=True)
    city.act(channel="whatsapp", act="message", citizen="asel", text="Яма")
    city.act(channel="city", act="advance", seconds=24 * 3600)

    answer = whatsapp.say(to=phone(city), **text("ok"))

    assert answer.status_code == 200
    assert city.ledger()[-1]["ticks"] == "failed"


def test_who_hides_the_phone_is_reached_by_the_bsuid(city: City, whatsapp: Graph) -> None:
    city.act(channel="whatsapp", act="message", citizen="asel", text="Яма")
    account = city.world.ground.people.citizen("asel").whatsapp
    assert account is not None

    answer = whatsapp.say(recipient=account.bsuid, **text("ok"))

    assert answer.json()["contacts"] == [{"input": account.bsuid, "user_id": account.bsuid}]


def test_an_unknown_number_is_undeliverable(whatsapp: Graph) -> None:
    assert error(whatsapp.say(to="77770000000", **text("ok"))) == (400, 131026, None)


@pytest.mark.parametrize(("kind", "code"), [("throughput", 130429), ("pair_rate", 131056), ("token_expired", 190)])
def test_each_planned_error_comes_in_metas_envelope(city: City, whatsapp: Graph, kind: str, code: int) -> None:
    city.act(channel="city", act="fault", target="whatsapp.messages", kind=kind)

    answer = whatsapp.say(to=phone(city), **text("ok"))

    assert answer.json()["error"]["code"] == code
    assert "fbtrace_id" in answer.json()["error"]


def test_buttons_beyond_three_or_longer_than_20_letters_are_refused(city: City, whatsapp: Graph) -> None:
    city.act(channel="whatsapp", act="message", citizen="asel", text="Яма")

    def ask(*titles: str) -> httpx.Response:
        buttons = [{"type": "reply", "reply": {"id": title, "title": title}} for title in titles]
        body = {"type": "button", "body": {"text": "Починили?"}, "action": {"buttons": buttons}}
        return whatsapp.say(to=phone(city), type="interactive", interactive=body)

    assert ask("Да", "Нет").status_code == 200
    assert error(ask("1", "2", "3", "4"))[1] == 100
    assert error(ask("Да, всё починили, спасибо"))[1] == 100
    pressed = city.act(channel="whatsapp", act="button", citizen="asel", button={"text": "Нет"})
    assert city.ledger()[-1]["key"] == pressed["key"]


def test_a_link_to_media_needs_the_token_and_lives_for_five_minutes(city: City, whatsapp: Graph) -> None:
    city.act(channel="whatsapp", act="message", citizen="asel", media=["pothole"])
    media_id = 1_003_000_000_000_001
    shown = whatsapp.get(str(media_id)).json()
    bearer = {"Authorization": f"Bearer {whatsapp.centre.whatsapp_token}"}

    assert fetch(shown["url"]).status_code == 401
    got = fetch(shown["url"], bearer)
    city.act(channel="city", act="advance", seconds=300)
    late = fetch(shown["url"], bearer)

    assert len(got.content) == shown["file_size"]
    assert late.status_code == 404
    assert whatsapp.get(str(media_id)).json()["url"] != shown["url"]


def test_pages_of_tags_do_not_shift_when_a_new_tag_comes_between(city: City, instagram: Graph) -> None:
    for number in range(5):
        city.act(channel="instagram", act="tag", citizen="asel", text=f"{number}")
    path = f"{instagram.centre.instagram_id}/tags"

    first = instagram.get(path, limit="3", fields="caption").json()
    city.act(channel="instagram", act="tag", citizen="asel", text="новое")
    second = instagram.get(path, limit="3", fields="caption", after=first["paging"]["cursors"]["after"]).json()

    assert [post["caption"] for post in first["data"]] == ["4", "3", "2"]
    assert [post["caption"] for post in second["data"]] == ["1", "0"]
    assert "next" not in first["paging"]


def test_a_page_after_the_last_is_empty_and_a_bad_field_is_refused(city: City, instagram: Graph) -> None:
    city.act(channel="instagram", act="tag", citizen="asel", text="1")
    path = f"{instagram.centre.instagram_id}/tags"
    cursor = instagram.get(path).json()["paging"]["cursors"]["after"]

    assert instagram.get(path, after=cursor).json()["data"] == []
    assert error(instagram.get(path, fields="id,nonsense"))[1] == 100


def test_a_comment_that_names_the_centre_is_read_with_its_post_and_without_the_at(city: City, instagram: Graph) -> None:
    city.act(channel="instagram", act="post", account="news", text="Новость", media=["snow", "rubbish"], id="p")
    key = city.act(channel="instagram", act="comment", citizen="asel", under="p", text="@city109 яма")["key"]

    inner = "id,text,timestamp,media{id,caption,media_type,children{media_url}}"
    asked = f"mentioned_comment.comment_id({key}){{{inner}}}"
    comment = instagram.get(instagram.centre.instagram_id, fields=asked).json()["mentioned_comment"]

    assert comment["text"] == "city109 яма"
    assert comment["media"]["caption"] == "Новость"
    assert len(comment["media"]["children"]["data"]) == 2


def test_media_of_others_cannot_be_read_by_id_or_commented(city: City, instagram: Graph) -> None:
    ids = city.act(channel="instagram", act="tag", citizen="asel", text="яма")["ids"]
    assert isinstance(ids, dict)

    assert error(instagram.get(ids["media_id"])) == (400, 100, 33)
    assert error(instagram.post(f"{ids['media_id']}/comments", message="ok")) == (400, 100, 33)


def test_a_mention_is_answered_where_it_was_made(city: City, instagram: Graph) -> None:
    ids = city.act(channel="instagram", act="tag", citizen="asel", text="@city109 яма")["ids"]
    assert isinstance(ids, dict)
    path = f"{instagram.centre.instagram_id}/mentions"

    answer = instagram.post(path, media_id=ids["media_id"], message="принято")

    line = city.ledger()[-1]
    assert answer.json() == {"id": line["key"]}
    assert (line["citizen"], line["text"], line["refers_to"]) == ("asel", "принято", 1)


def test_a_private_reply_is_given_once_and_within_seven_days(city: City, instagram: Graph) -> None:
    city.act(channel="instagram", act="post", account="city109", text="Сводка", id="own")
    keys = [
        city.act(channel="instagram", act="comment", citizen="asel", under="own", text="а у нас?")["key"]
        for _ in range(2)
    ]

    def reply(key: object) -> httpx.Response:
        return instagram.post("me/messages", recipient={"comment_id": key}, message={"text": "ответ"})

    first, again = reply(keys[0]), reply(keys[0])
    city.act(channel="city", act="advance", seconds=7 * 24 * 3600)
    late = reply(keys[1])

    assert first.status_code == 200
    assert error(again)[1] == 10900
    assert error(late)[1] == 10901


def test_direct_messages_are_refused_outside_of_the_window(city: City, instagram: Graph) -> None:
    account = city.world.ground.people.citizen("asel").instagram
    assert account is not None

    def write(**more: str) -> httpx.Response:
        return instagram.post("me/messages", recipient={"id": account.scoped_id}, message={"text": "ок"}, **more)

    never = write()
    city.act(channel="instagram", act="dm", citizen="asel", text="здравствуйте")
    inside = write()
    city.act(channel="city", act="advance", seconds=24 * 3600)

    assert error(never)[1] == 100
    assert inside.status_code == 200
    assert error(write()) == (403, 10, 2534022)
    assert write(tag="HUMAN_AGENT").status_code == 200


def test_a_token_ends_after_60_days_unless_it_is_refreshed(city: City, instagram: Graph) -> None:
    assert instagram.get("me").status_code == 200
    city.act(channel="city", act="advance", seconds=59 * 24 * 3600)
    fresh = instagram.get("refresh_access_token", grant_type="ig_refresh_token").json()

    city.act(channel="city", act="advance", seconds=2 * 24 * 3600)

    assert error(instagram.get("me")) == (401, 190, 463)
    assert Graph(city, fresh["access_token"]).get("me").status_code == 200


def test_usage_headers_grow_until_the_app_is_refused(city: City, instagram: Graph) -> None:
    city.act(channel="city", act="settings", flood_limits=True, app_calls_per_hour=2)

    answers = [instagram.get("me") for _ in range(3)]

    assert ['"call_count": 50' in one.headers.get("x-app-usage", "") for one in answers] == [True, False, False]
    assert error(answers[2]) == (403, 4, None)


def test_disabled_webhooks_show_in_subscribed_apps(city: City, instagram: Graph) -> None:
    before = instagram.get("me/subscribed_apps").json()["data"]
    city.act(channel="city", act="disable_webhook", what="instagram")

    assert before[0]["subscribed_fields"] == ["comments", "mentions", "messages"]
    assert instagram.get("me/subscribed_apps").json()["data"] == []
    assert instagram.post("me/subscribed_apps", subscribed_fields="comments,mentions").json() == {"success": True}


def test_the_cdn_forbids_a_link_that_ended(city: City, instagram: Graph) -> None:
    city.act(channel="instagram", act="tag", citizen="asel", media=["pothole"])
    url = instagram.get(f"{instagram.centre.instagram_id}/tags", fields="media_url").json()["data"][0]["media_url"]

    assert fetch(url).status_code == 200
    city.act(channel="city", act="expire_links")
    assert fetch(url).status_code == 403
