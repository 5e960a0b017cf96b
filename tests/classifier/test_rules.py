"""The floor under incidents: danger to life is seen however it is typed, and words of danger alone are no danger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.classifier.rules import Rules


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


@pytest.mark.parametrize(
    "text",
    [
        "Гоголя 51, открытый люк, крышки вообще нет",
        "люк без крышки у школы",
        "lyuk bez kryshki vozle shkoly",
        "калодец аткрыт",
        "құдықтың қақпағы жоқ",
        "кудыктын какпагы жок",
        "qudyqtyn qaqpagy joq, teren",
        "open manhole near the school",
        "ребёнок упал в колодец!!!",
        "бала құдыққа түсіп кетті",
        "провод оборвался и лежит на тротуаре",
        "сым үзіліп жерде жатыр",
        "provod iskrit vozle podezda",
        "щиток искрит в подъезде",
        "трансформатор дымит",
        "в подъезде пахнет газом второй день",
        "газ иісі шығып тұр",
        "gaz iisi shygyp tur",
        "smell of gas in the entrance",
        "угорели всей семьёй",
        "датчик угарного газа пищит",
        "застряли в лифте, помогите",
        "лифтте қалып қойдық",
        "сосульки висят над входом",
        "балкон рушится, куски бетона падают на тротуар",
        "тополь упал на провода",
        "derevo upalo na cheloveka",
        "ағаш құлап, көліктің үстіне түсті",
        "горит квартира на пятом этаже",
        "подвалдан түтін шығып жатыр, үйде балалар",
        "пожар в школе",
        "обрушилась лестница в подъезде",
        "кипяток хлещет прямо на тротуар",
        "меня ударило током от столба",
        "собака напала на ребёнка",
        "балам мектептен келе жатқанда ит қапты",
        "подозрительный пакет на остановке",
        "ребёнок провалился под лёд",
        "бала мұз астына түсіп кетті",
        "СРОЧНО!!! ЛЮК ОТКРЫТ",
        "Спасибо за уборку. Но возле дома 5 открытый люк, закройте",
    ],
)
def test_danger_to_life_is_seen(rules: Rules, text: str) -> None:
    assert rules.signs_of_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "люк закрыли, спасибо",
        "Люкті жапты, рахмет",
        "сегодня открытый урок в школе",
        "День открытых дверей в колледже",
        "горит дедлайн, не до отключений",
        "бомбит от новостей",
        "в подъезде не горит свет",
        "лампа не горит, лампочку замените",
        "Газ подорожал, подскажите новый тариф",
        "газ баллонын қайда толтырамыз",
        "батареи холодные, мёрзнем с маленьким ребёнком",
        "тону в работе, спасите",
        "меня током ударило от её взгляда",
        "яма на дороге, колесо пробил",
        "у люка облезла краска, можно покрасить?",
        "как записаться к врачу",
        "лифт пустой стоит, застрял между этажами",
        "қоқыс алып кетпейді",
        "көшеде жарық жоқ",
        "Открытый разговор с акимом сегодня в эфире",
        "",
    ],
)
def test_words_of_danger_without_danger_are_left_alone(rules: Rules, text: str) -> None:
    assert rules.signs_of_danger(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Меня чуть током не ударило от вашей музыки 😂",
        "взорвали весь дом своим танцем))))",
        "провод оборванный убрали за двадцать минут, дай бог здоровья электрикам",
        "Ашық люкті бір сағатта жауып кетті, бәрекелді",
        "Былтыр құлаған ағаш көліктің жанында жатыр",
        "газ проверяли, утечки нет",
    ],
)
def test_what_is_joked_of_over_or_mended_is_no_danger(rules: Rules, text: str) -> None:
    assert rules.signs_of_danger(text) == ()


@pytest.mark.parametrize("text", ["люк открыт у школы, молодцы 😂😂", "провод лежит на земле )))"])
def test_laughing_at_a_danger_that_nobody_jokes_of_hides_nothing(rules: Rules, text: str) -> None:
    assert rules.signs_of_danger(text) != ()


@pytest.mark.parametrize(
    "text",
    [
        "Закройте открытый люк у садика, спасибо",
        "люк ашық тұр, жауып беріңіздер рахмет",
        "пахнет газом, заранее спасибо",
    ],
)
def test_thanks_said_in_advance_hide_no_danger(rules: Rules, text: str) -> None:
    assert rules.signs_of_danger(text) != ()


def test_the_reasons_are_words_of_the_text_as_it_was_typed(rules: Rules) -> None:
    text = "Ну сколько можно! Возле школы ОТКРЫТЫЙ люк"

    spans = rules.signs_of_danger(text)

    assert [text[span.start : span.end] for span in spans] == ["ОТКРЫТЫЙ", "люк"]
    assert {span.why for span in spans} == {"open_manhole"}


def test_words_far_apart_do_not_make_a_danger(rules: Rules) -> None:
    text = "люк " + "красивый ровный чистый новый дом стоит рядом и там живут люди " * 2 + "магазин открыт"

    assert rules.signs_of_danger(text) == ()


@given(st.text(alphabet="люк открытый газом пахнет не спасибо.!?🔥", max_size=80))
def test_spans_are_always_inside_the_text(rules: Rules, text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in rules.signs_of_danger(text))
