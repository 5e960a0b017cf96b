"""What flags alone: dangers told plainly. Wide words, and words beside a doubt, need the model as well."""

from __future__ import annotations

import pytest

from intake109.catalogue.text import fold
from intake109.classifier.rules import Rules
from intake109.classifier.word_lists import word_list


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


@pytest.mark.parametrize(
    "text",
    [
        "открытый люк во дворе",
        "Открыт люк. Просьба закрыть",
        "прошу закрыть люк на Абая 5",
        "құдықты жауып беріңізші",
        "во дворе открытые колодцы, приведите в порядок",
        "люк без крышки у подъезда",
        "калодец аткрыт",
        "құдықтың аузы ашық тұр",
        "kudyktyn qaqpagy joq",
        "open manhole by the school",
        "провод оборвало, искрит",
        "сым үзіліп түсті",
        "provod iskrit u doma",
        "воняет гасом",
        "в подъезде пахнет газом",
        "газ иісі шығып тұр",
        "gaz iisi shygyp tur",
        "smell of gas on our floor",
        "щиток искрит и дымит",
        "горит квартира, третий этаж",
        "үй өртеніп жатыр",
        "пожар в школе",
        "застряли в лифте",
        "лифтте қалып қойдық",
        "stuck in the elevator",
        "сосульки висят над входом",
        "глыба льда рухнула у крыльца на прохожего",
        "дерево упало на провода",
        "ағаш құлап, көлікті басып қалды",
        "кирпич упал с крыши людям под ноги",
        "потолок обрушился в комнате",
        "угорели, голова болит",
        "ребёнок провалился под лёд",
        "бала суға батып барады",
        "собака покусала школьника",
        "ұрып жатыр, қолында пышақ",
        "Закройте открытый люк у садика, спасибо",
        "мужчина с ножом бегает по двору",
        "на дороге открылась дыра, машина колесом встала",
    ],
)
def test_a_danger_told_plainly_flags_alone(rules: Rules, text: str) -> None:
    assert rules.hear(text).is_sure


@pytest.mark.parametrize(
    "text",
    [
        "если вдруг запахнет газом, открытый люк или пожар в доме, кому звонить",
        "два года назад дерево упало на провода, пень так и торчит",
        "в новостях показали пожар в школе",
        "боюсь, дерево упадёт на провода",
        "у соседей был пожар в квартире, нам нужна справка",
    ],
)
def test_beside_a_doubt_no_rule_flags_alone(rules: Rules, text: str) -> None:
    assert not rules.hear(text).is_sure


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("столб накренился у остановки", "leaning_pole"),
        ("скорая не едет второй час", "ambulance_late"),
        ("кабель свисает со стены", "bare_wire"),
        ("решётки нет, украли", "broken_grating"),
    ],
)
def test_wide_words_are_heard_and_do_not_flag_alone(rules: Rules, text: str, why: str) -> None:
    heard = rules.hear(text)

    assert why in {span.why for span in heard.spans}
    assert not heard.is_sure


def test_what_flags_alone_is_always_heard(rules: Rules) -> None:
    told = [text for texts in word_list("alarms").values() for text in texts]

    heard = [rules.hear(text) for text in told]

    assert all(one.spans for one in heard if one.is_sure)
    assert sum(one.is_sure for one in heard) > len(told) / 5


def test_hardly_a_calm_message_is_flagged_by_rules_alone(rules: Rules) -> None:
    calm = [*word_list("danger_or_calm")["calm"]]
    calm += [text for name in ("tellings", "calm_near_danger") for texts in word_list(name).values() for text in texts]

    flagged = [text for text in calm if rules.hear(text).is_sure]

    assert len(flagged) <= len(calm) / 500, flagged


def test_every_doubt_is_a_word() -> None:
    assert all(fold(sign) for line in word_list("doubts").values() for sign in line.split("|"))
