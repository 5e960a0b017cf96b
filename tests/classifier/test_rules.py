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
    assert rules.hear(text).spans


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
    assert rules.hear(text).spans == ()


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
    assert rules.hear(text).spans == ()


@pytest.mark.parametrize("text", ["люк открыт у школы, молодцы 😂😂", "провод лежит на земле )))"])
def test_laughing_at_a_danger_that_nobody_jokes_of_hides_nothing(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans != ()


@pytest.mark.parametrize(
    "text",
    [
        "Закройте открытый люк у садика, спасибо",
        "люк ашық тұр, жауып беріңіздер рахмет",
        "пахнет газом, заранее спасибо",
    ],
)
def test_thanks_said_in_advance_hide_no_danger(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans != ()


@pytest.mark.parametrize(
    "text",
    [
        "посидела утром в лифте, вытащили за пять минут, а кнопка вызова не работает",
        "лифт жүрмейді, арбадағы атам далаға шыға алмайды",
        "лифт стоит, с коляской на улицу выйти никак",
    ],
)
def test_who_came_out_of_a_lift_or_has_none_is_not_trapped_in_it(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "karusel skripit",
        "карусель не крутится",
        "is the gas shutdown planned",
        "how much is a ticket to the pool",
        "на корпоративе өртеніп биледік",
        "такси к нам не едет, скорая еле проползает, нужен асфальт",
    ],
)
def test_words_that_only_sound_like_danger_are_left_alone(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("во дворе запах аммиака, в горле жжёт, все кашляют", "air_that_burns"),
        ("хлор иісі шығып тұр, көз ашиды", "air_that_burns"),
        ("под окнами шприцы, малыши подбирают", "sharps_and_children"),
        ("инелер шашылып жатыр, балалар қолына алып жүр", "sharps_and_children"),
        ("водитель автобуса пьяный, едет на красный", "drunk_at_the_wheel"),
        ("кусок потолка рухнул на уроке, задело ученика", "ceiling_falls"),
        ("только что столкнулись два автобуса, есть раненые", "collision"),
        ("светофор сломан, всем зелёный", "traffic_lights_lie"),
        ("ковшом задели газовую трубу, шипит", "gas"),
        ("на дороге открылась дыра, машина колесом встала", "sinkhole"),
        ("за гаражами дыра, опустили верёвку и до дна не достали", "hole_without_bottom"),
        ("арматура распорола девочке ногу на площадке", "injured_on_playground"),
    ],
)
def test_dangers_beyond_the_services_are_seen(rules: Rules, text: str, why: str) -> None:
    assert why in {span.why for span in rules.hear(text).spans}


@pytest.mark.parametrize(
    "text",
    [
        "в подъезде шприцы на подоконнике, уберите",
        "таксист пьяный ругался, номер записал",
        "вода из крана пахнет хлором, в горле першит",
        "штукатурка в подъезде облезла, дети пачкаются",
        "на перекрёстке часто аварии, поставьте светофор",
        "светофор мигает жёлтым второй день",
    ],
)
def test_half_of_such_a_danger_is_none(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans == ()


def test_the_reasons_are_words_of_the_text_as_it_was_typed(rules: Rules) -> None:
    text = "Ну сколько можно! Возле школы ОТКРЫТЫЙ люк"

    spans = rules.hear(text).spans

    assert [text[span.start : span.end] for span in spans] == ["ОТКРЫТЫЙ", "люк"]
    assert {span.why for span in spans} == {"open_manhole"}


def test_words_far_apart_do_not_make_a_danger(rules: Rules) -> None:
    text = "люк " + "красивый ровный чистый новый дом стоит рядом и там живут люди " * 2 + "магазин открыт"

    assert rules.hear(text).spans == ()


@given(st.text(alphabet="люк открытый газом пахнет не спасибо.!?🔥", max_size=80))
def test_spans_are_always_inside_the_text(rules: Rules, text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in rules.hear(text).spans)
