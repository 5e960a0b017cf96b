"""Pictures are uploaded and follow the question; the question never waits for them."""

from __future__ import annotations

import json
from dataclasses import replace

import httpx

from intake109.model import Enclosure, Receipt
from tests.collectors.whatsapp.test_sender import MESSAGE, TAKEN, Meta, send

PHOTO = Enclosure("1.jpeg", "image/jpeg", b"\xff\xd8\xff" + b"0" * 99)


class Gallery(Meta):
    """Takes uploads, too, unless it is full."""

    def __init__(self, *, is_full: bool = False) -> None:
        super().__init__()
        self._is_full = is_full

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if not request.url.path.endswith("/media"):
            return httpx.Response(200, json=TAKEN)
        if self._is_full:
            return httpx.Response(500, json={"error": {"code": 131000}})
        return httpx.Response(200, json={"id": "4490709327384033"})


def test_pictures_are_uploaded_and_sent_after_the_text() -> None:
    gallery = Gallery()

    receipt = send(replace(MESSAGE, photos=(PHOTO,)), gallery)

    text, upload, picture = gallery.requests
    assert receipt == Receipt("wamid.OUT", {"message_status": "accepted", "wa_id": "77015550101", "photos": "1"})
    assert json.loads(text.content)["type"] == "text"
    assert b'name="messaging_product"\r\n\r\nwhatsapp' in upload.content
    assert b"Content-Type: image/jpeg" in upload.content
    assert json.loads(picture.content)["image"] == {"id": "4490709327384033"}
    assert json.loads(picture.content)["to"] == "77015550101"


def test_a_picture_that_fails_leaves_the_text_sent() -> None:
    receipt = send(replace(MESSAGE, photos=(PHOTO,)), Gallery(is_full=True))

    assert (receipt.external_id, receipt.details["photos"]) == ("wamid.OUT", "0")


def test_what_whatsapp_does_not_take_is_left_out() -> None:
    gallery = Gallery()
    heavy, odd = replace(PHOTO, content=b"0" * (5 * 2**20 + 1)), replace(PHOTO, mime="image/webp")

    receipt = send(replace(MESSAGE, photos=(heavy, odd, PHOTO)), gallery)

    assert (receipt.details["photos"], len(gallery.requests)) == ("1", 3)


def test_a_template_goes_alone() -> None:
    gallery = Gallery()

    send(replace(MESSAGE, photos=(PHOTO,), must_use_template=True, template="notice"), gallery)

    assert len(gallery.requests) == 1
