"""Languages are told apart in any letters, and loan words and streets do not confuse them."""

from __future__ import annotations

import pytest

from intake109.catalogue.load import load
from intake109.classifier.languages import Languages, Pieces
from intake109.model import Language


@pytest.fixture(scope="module")
def languages() -> Languages:
    services = load().services.values()
    return Languages(
        Pieces.count(
            (phrase for service in services for phrase in service.phrases.kk),
            (phrase for service in services for phrase in service.phrases.ru),
        )
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Көшеде жарық жоқ екі күн болды", Language.KK),
        ("кошеде жарык жок еки кун болды, кашан жасайсыздар", Language.KK),
        ("qudyqtyn qaqpagy joq, bala tusse qaitemiz", Language.KK),
        ("подъездте лифт істемей тұр", Language.KK),
        ("Нет света второй день, когда дадут?", Language.RU),
        ("yama na doroge, kogda sdelaete", Language.RU),
        ("яма на Тәуелсіздік 25, заделайте пожалуйста", Language.RU),
        ("Сәлем, когда будет вода, екі күн болды уже нет ничего", Language.MIXED),
        ("Лифт не работает үшінші күн, дом девятиэтажный, люди с колясками ходят пешком каждый день", Language.MIXED),
        ("Дом сдали, ключи вручили, всех соседей Құтты болсын", Language.MIXED),
        ("Саран қаласында су жоқ, быстрее жасаңыздар", Language.MIXED),
        ("кеше заказ келді, товар ұнады, магазин қай жерде", Language.KK),
        ("бүкіл қалада интернет өшіп қалды, не болды", Language.KK),
        ("Тәуелсіздік 25, нет света", Language.RU),
        ("нет воды в Қарағанды", Language.RU),
        ("Hello, there is no heating in our hostel since Sunday", Language.EN),
        ("", Language.RU),
        ("🙏", Language.RU),
    ],
)
def test_the_language_is_told(languages: Languages, text: str, language: Language) -> None:
    assert languages.of(text) is language
