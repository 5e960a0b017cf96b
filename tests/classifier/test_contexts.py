"""Where words of danger stand and none is now, the rules are silent; a "не" or a "но" beside them and they are not."""

from __future__ import annotations

import pytest

from intake109.classifier.rules import Rules


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


@pytest.mark.parametrize(
    "text",
    [
        "Позавчера на углу порвался провод, монтёры всё сделали, когда вернут абонплату?",
        "Өткен аптада құдық ашық еді, шеберлер жауып кетті",
        "В прошлый вторник я писала про открытый люк. Его накрыли. Заявка всё ещё висит в приложении",
        "Last week the cable was down on our street, it was repaired, please close my ticket",
    ],
)
def test_a_danger_that_was_reported_and_mended_is_over(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "Вчера закрыли люк доской, она сломалась, люк опять открыт",
        "Позавчера починили щиток, сейчас снова искрит щиток",
        "Өткен аптада құдықты жауып кетті, бірақ қақпағы жоқ, қайта ашық құдық",
        "Вчера приехали и не починили, провод искрит на тротуаре",
    ],
)
def test_a_danger_that_is_back_or_was_not_mended_is_none_of_yesterday(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans != ()


@pytest.mark.parametrize(
    "text",
    [
        "Сантехник и электрик на час: искрит розетка, течёт кран. Недорого, без выходных",
        "Пәтерде сым күйіп, ұшқын шықса, біз ауыстырамыз. Бағасы арзан, қоңырау шалыңыз",
        "Попали в аварию, пострадал пешеход? Юрист взыщет ущерб, консультация бесплатная, звоните",
    ],
)
def test_who_sells_help_against_a_danger_reports_none(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "В мультике у героев пожар на корабле, сын в восторге",
        "Завтра учебная тревога, будет как будто пожар в школе",
        "Взрыв газа на рынке, это правда или слухи?",
        "Егер газ иісі шықса, қай нөмірге хабарласамыз",
        "Если провод оборвётся и упадёт на дорогу, куда звонить?",
        "Помните как в девяностые все прыгали в открытые люки",
    ],
)
def test_a_danger_of_elsewhere_or_only_asked_about_is_none_here(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "Щиток гудит, искр нет, посмотрите при обходе",
        "На переезде авария, пострадавших нет, пробка",
        "Балкон треснул, куски над входом держатся, инженер сказал не опасно",
        "Қақпақ шатырдан құлап түсті, ешкімге тимеді",
    ],
)
def test_a_danger_that_is_denied_in_its_sentence_is_none(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "Пока никто не пострадал, но провод искрит прямо над качелями",
        "Чудом никого не задел, глыба льда упала с крыши у входа",
        "Если не приедете сейчас, горит щиток в подъезде, что делать",
        "Слухи или нет, не знаю. Провод искрит у подъезда, дети рядом",
        "Помогите, электрик недорого сделал ремонт, теперь щиток горит",
    ],
)
def test_calm_words_beside_a_danger_of_now_hide_nothing(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans != ()


@pytest.mark.parametrize(
    "text",
    [
        "застряли в лифте, нас не вытащили",
        "люк не закрыт, открытый, дети ходят",
        "лифтте қалып қойдық, ешкім шығарып алған жоқ, көмек",
    ],
)
def test_what_would_excuse_a_danger_does_not_when_it_is_denied(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans != ()


def test_a_calm_sentence_silences_itself_and_not_its_neighbours(rules: Rules) -> None:
    text = "Смотрели фильм, там пожар в доме. У нас в подъезде пахнет газом"

    reasons = rules.hear(text).spans

    assert {reason.why for reason in reasons} == {"gas"}


@pytest.mark.parametrize("text", ["көршім қолында пышақ, баспалдақта жүр", "muzhik s toporom begaet po dvoru"])
def test_a_blade_in_somebodys_hand_is_a_danger(rules: Rules, text: str) -> None:
    assert {reason.why for reason in rules.hear(text).spans} == {"weapon_in_hand"}


@pytest.mark.parametrize("text", ["пышақ қайрайтын жер қайда", "где заточить топор", "балаға ойыншық мылтық алдық"])
def test_a_blade_by_itself_is_none(rules: Rules, text: str) -> None:
    assert rules.hear(text).spans == ()
