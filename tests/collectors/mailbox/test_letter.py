"""A letter is read as its writer meant it, and what cannot be read is told."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.collectors.mailbox import Fault, read, read_head

PHOTO = b"\xff\xd8\xff" + b"0" * 20_000
LOGO = b"\x89PNG\r\n\x1a\n" + b"0" * 900
OUTLOOK = """Лампа заменена 21.11, фото приложено.

Иванов И.И., мастер участка

________________________________
От: 109 <109@example.kz>
Отправлено: 20 ноября 2026 г. 10:00
Кому: roads@example.kz
Тема: № 2026-000123 · Абая 10

Вам передано обращение 2026-000123."""
GMAIL = """Яма заделана сегодня

пт, 20 нояб. 2026 г. в 10:03, 109 <109@example.kz>:

> № 2026-000123 · Абая 10
>
> Вам передано обращение"""
MAIL_RU = """Сделали, вода пошла


--
Участок 4

Суббота, 21 ноября 2026, 10:03 +05:00 от 109 <109@example.kz>:

№ 2026-000123 · Абая 10"""
YANDEX = """Орындалды, 20 қарашада

20.11.2026, 10:03, "109" <109@example.kz>:

 № 2026-000123 · Абая 10"""
THUNDERBIRD = """20.11.2026 10:03, 109 пишет:
> № 2026-000123 · Абая 10
> Вам передано обращение

Люк закрыт, акт № 5"""
ENGLISH = """Lamp replaced

On Fri, Nov 20, 2026 at 10:03 AM 109 <109@example.kz>
wrote:

> No 2026-000123"""
BARE = """Мусор вывезен

№ 2026-000123 · Абая 10

Вам передано обращение"""


def mail(text: str = "Яма заделана", **headers: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = headers.pop("sender", "Мастер <Roads@Example.kz>")
    letter["Message-ID"] = "<a1@example.kz>"
    letter["Subject"] = "Re: № 2026-000123 · Абая 10"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter


@pytest.mark.parametrize(
    ("written", "own"),
    [
        (OUTLOOK, "Лампа заменена 21.11, фото приложено.\n\nИванов И.И., мастер участка"),
        (GMAIL, "Яма заделана сегодня"),
        (MAIL_RU, "Сделали, вода пошла\n\n\n--\nУчасток 4".replace("\n\n\n", "\n\n")),
        (YANDEX, "Орындалды, 20 қарашада"),
        (THUNDERBIRD, "Люк закрыт, акт № 5"),
        (ENGLISH, "Lamp replaced"),
        (BARE, "Мусор вывезен"),
        ("Готово.\n-----Исходное сообщение-----\nстарое", "Готово."),
        ("Отправлено с iPhone: вывезли 20.11 в 10:30", "Отправлено с iPhone: вывезли 20.11 в 10:30"),
        ("по № 2026-000123 сделано", "по № 2026-000123 сделано"),
    ],
)
def test_what_is_quoted_is_cut_away_and_the_signature_stays(written: str, own: str) -> None:
    assert read(mail(written).as_bytes()).text == own


def test_a_page_is_read_like_a_plain_letter() -> None:
    letter = EmailMessage()
    letter["From"] = "roads@example.kz"
    letter.set_content(
        "<html><head><title>x</title><style>p{}</style></head><body><p>Яма заделана<br>20.11</p>"
        '<div class="gmail_quote">пт, 20 нояб.<blockquote>№ 2026-000123 · Абая 10</blockquote></div></body></html>',
        subtype="html",
    )

    assert read(letter.as_bytes()).text == "Яма заделана\n20.11"


def test_photos_and_documents_come_along_and_the_logo_of_a_signature_does_not() -> None:
    letter = mail()
    letter.add_related(LOGO, maintype="image", subtype="png", cid="<logo>", disposition="inline")
    letter.add_related(PHOTO, maintype="image", subtype="jpeg", cid="<shot>", disposition="inline")
    letter.add_attachment(PHOTO, maintype="image", subtype="jpeg", filename="Фото ямы.jpg")
    letter.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="акт.pdf")

    found = [(one.name, len(one.content)) for one in read(letter.as_bytes()).files]

    assert ("Фото ямы.jpg", len(PHOTO)) in found
    assert ("акт.pdf", 6) in found
    assert len(found) == 3


def test_the_letters_it_replies_to_are_told_the_nearest_first() -> None:
    came = read(mail(In_Reply_To="<t2@us>", References="<t1@us> <t2@us>").as_bytes())

    assert (came.key, came.sender, came.refers[0]) == ("<a1@example.kz>", "roads@example.kz", "<t2@us>")
    assert "<t1@us>" in came.refers


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
    ],
)
def test_a_machine_is_told_from_a_person(headers: dict[str, str]) -> None:
    assert read(mail("В отпуске до 1 декабря", **headers).as_bytes()).is_automatic
    assert not read(mail(Auto_Submitted="no").as_bytes()).is_automatic


@pytest.mark.parametrize(("action", "is_final"), [("failed", True), ("delayed", False)])
def test_a_bounce_names_the_letter_that_came_back(action: str, is_final: bool) -> None:
    raw = (
        "From: Mail Delivery <MAILER-DAEMON@mx.example.kz>\r\nMessage-ID: <b1@mx>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nNo such mailbox\r\n"
        f"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: {action}\r\n\r\n"
        "--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@109>\r\nSubject: x\r\n\r\n--x--\r\n"
    )

    came = read(raw.encode())

    assert (came.is_bounce, came.is_final, "<ours@109>" in came.refers) == (True, is_final, True)


def test_words_in_an_unknown_coding_are_guessed_and_told_of() -> None:
    raw = b"From: a@b.kz\r\nContent-Type: text/plain; charset=x-none\r\n\r\n" + "Сделано".encode("cp1251")

    came = read(raw)

    assert (came.text, came.faults) == ("Сделано", (Fault.CHARSET,))


def test_a_letter_without_a_coding_is_read_as_it_is_written_here() -> None:
    raw = b"From: a@b.kz\r\nContent-Type: text/plain\r\n\r\n" + "Сделано".encode("cp1251")

    assert (read(raw).text, read(raw).faults) == ("Сделано", ())


def test_a_letter_cut_off_in_the_middle_is_told_of_and_shown() -> None:
    letter = mail("Яма заделана")
    letter.add_attachment(PHOTO, maintype="image", subtype="jpeg", filename="a.jpg")

    came = read(letter.as_bytes()[:9000])

    assert (came.text, Fault.BROKEN in came.faults) == ("Яма заделана", True)
    assert read_head(letter.as_bytes()[:9000]).text == "Яма заделана"


@given(st.binary(max_size=400))
def test_no_letter_is_beyond_being_shown(raw: bytes) -> None:
    came = read(raw)

    assert came.key
    assert "\x00" not in came.text + came.subject + came.sender


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<", "1.1 x@y.z ", "<a>", "> "])
def test_a_letter_made_to_hold_us_up_is_read_all_the_same(piece: str) -> None:
    head = b"From: a@b.kz\r\nContent-Type: text/html\r\n\r\n"

    came = read(head + (piece * 60_000).encode())

    assert came.sender == "a@b.kz"
