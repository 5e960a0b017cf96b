"""What the page says, in three languages."""

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"ru": "Рус", "kk": "Қаз", "en": "Eng"}

WORDS: Mapping[str, tuple[str, str, str]] = {
    # key: (ru, kk, en)
    "title": ("Телефоны жителей", "Тұрғындардың телефондары", "Citizens' phones"),
    "subtitle": ("демо-город", "демо-қала", "demo city"),
    "citizens": ("Жители", "Тұрғындар", "Citizens"),
    "find": ("Найти жителя", "Тұрғынды табу", "Find a citizen"),
    "choose": ("Выберите жителя слева", "Сол жақтан тұрғынды таңдаңыз", "Choose a citizen on the left"),
    "choose_more": (
        "Здесь видно, что он написал в соцсетях и что получил от центра. Можно написать от его имени.",
        "Оның әлеуметтік желіде не жазғаны және орталықтан не алғаны көрінеді. Оның атынан жазуға болады.",
        "You see what they wrote on social networks and what the centre answered. You can write as them.",
    ),
    "by_itself": ("Что идёт само", "Өздігінен болатыны", "What goes on by itself"),
    "itself_writes": (
        "Жители пишут по сценарию дня; на телефонах лежит и переписка прошлых дней.",
        "Тұрғындар күн сценарийі бойынша жазады; телефондарда өткен күндердің хаттары да бар.",
        "Citizens write by the script of the day; what was written on the days before is on their phones, too.",
    ),
    "itself_works": (
        "Реестр города берёт переданное, через минуту отвечает с фото. Каждый четвёртый ответ отписка, каждое шестое "
        "обращение «не наше». Опасное и повторное делает всегда.",
        "Қала тізілімі берілгенді алып, бір минуттан кейін фотомен жауап береді. Әр төртінші жауап құр сөз, әр алтыншы "
        "өтініш «біздікі емес». Қауіптіні және қайталанғанды әрқашан орындайды.",
        "The city's registry takes what is forwarded and answers within a minute, with a photo. Every fourth answer is "
        "empty words, every sixth appeal is not theirs. Danger and what comes again is always worked on.",
    ),
    "itself_crew": (
        "Бригада «Лифтсервис» открывает ссылку из своего письма, берёт в работу и отвечает.",
        "«Лифтсервис» бригадасы хатындағы сілтемені ашып, жұмысқа алып, жауап береді.",
        "The crew of the lift company opens the link of its letter, takes the work and answers.",
    ),
    "itself_says": (
        "На вопрос «решено?» жители отвечают сами: чаще да, иногда нет, тогда идёт второй круг. "
        "Кто молчит, того обзванивают.",
        "«Шешілді ме?» деген сұраққа тұрғындар өздері жауап береді: көбіне иә, кейде жоқ, сонда екінші "
        "айналым басталады. "
        "Үндемегенге қоңырау шалынады.",
        "Citizens answer “is it solved?” by themselves: mostly yes, sometimes no, and a second round begins. "
        "Who is silent is called.",
    ),
    "yours": ("Что за вами", "Сізге қалғаны", "What is yours"),
    "yours_desk": (
        "Очередь: регистрирует человек, а чего никто не взял, регистрирует машина.",
        "Кезек: адам тіркейді, ешкім алмағанын машина тіркейді.",
        "The queue: a person registers; what nobody takes, the machine does.",
    ),
    "yours_look": (
        "Опасность закрывается, только когда руководитель смены посмотрел: Контроль, Инциденты, клавиша s.",
        "Қауіп ауысым жетекшісі қарағанда ғана жабылады: Бақылау, Инциденттер, s пернесі.",
        "A danger closes only when the supervisor has looked: Control, Incidents, key s.",
    ),
    "yours_judge": (
        "Отписки, возвраты и обзвон ждут контролёра качества.",
        "Құр жауаптар, қайтарылғандар мен қоңыраулар сапа бақылаушысын күтеді.",
        "Empty answers, what was given back and calls wait for the quality inspector.",
    ),
    "nobody": ("Город ещё пуст", "Қала әзірге бос", "The city is still empty"),
    "nothing": ("Переписки пока нет", "Хат алмасу әзірге жоқ", "Nothing written yet"),
    "nothing_more": (
        "Напишите первым: сообщение уйдёт в центр так же, как из настоящего приложения.",
        "Бірінші болып жазыңыз: хабарлама орталыққа нағыз қолданбадағыдай жетеді.",
        "Write first: the message reaches the centre just as from the real app.",
    ),
    "back": ("К списку жителей", "Тұрғындар тізіміне", "Back to citizens"),
    "centre": ("Центр", "Орталық", "Centre"),
    "you": ("Вы", "Сіз", "You"),
    "waits": ("ждёт ответа", "жауап күтуде", "waiting"),
    "wait": ("ждут ответа", "жауап күтуде", "waiting"),
    "answered": ("есть ответ", "жауап бар", "answered"),
    "wrote": ("обращались", "жүгінгендер", "wrote"),
    "sent": ("отправлено", "жіберілді", "sent"),
    "taken": ("принято центром", "орталық қабылдады", "taken by the centre"),
    "seen": ("получено центром", "орталыққа жетті", "received by the centre"),
    "unseen": ("центр этого не видит", "орталық мұны көрмейді", "the centre does not see this"),
    "lost": ("не дошло", "жетпеді", "never arrived"),
    "failed": ("не доставлено", "жеткізілмеді", "not delivered"),
    "edited": ("изменено", "өзгертілді", "edited"),
    "deleted": ("Сообщение удалено", "Хабарлама жойылды", "Message deleted"),
    "forwarded": ("Переслано", "Қайта жіберілді", "Forwarded"),
    "to_bot": ("Центру в личку", "Орталыққа жеке", "To the centre privately"),
    "in_chat": ("В чат", "Чатқа", "Into the chat"),
    "direct": ("В Direct центра", "Орталықтың Direct-іне", "Direct message"),
    "tag": ("Своя публикация с отметкой", "Белгісі бар өз жарияланымы", "Own post tagging the centre"),
    "comment": ("Комментарий", "Пікір", "Comment"),
    "where": ("Куда", "Қайда", "Where"),
    "picture": ("Фото", "Фото", "Photo"),
    "no_picture": ("без фото", "фотосыз", "no photo"),
    "write": ("Написать от имени жителя", "Тұрғын атынан жазу", "Write as this citizen"),
    "send": ("Отправить", "Жіберу", "Send"),
    "new_citizen": ("Новый житель", "Жаңа тұрғын", "New citizen"),
    "name": ("Имя", "Аты", "Name"),
    "add": ("Добавить", "Қосу", "Add"),
    "accounts": ("Аккаунты", "Аккаунттар", "Accounts"),
    "language": ("Пишет", "Жазатын тілі", "Writes in"),
    "no_username": ("без имени пользователя", "пайдаланушы аты жоқ", "no username"),
    "hidden_phone": ("номер скрыт", "нөмірі жасырын", "number hidden"),
    "legend": ("Что значат отметки", "Белгілер нені білдіреді", "What the marks mean"),
    "newer": ("Ниже есть новое", "Төменде жаңасы бар", "New messages below"),
    "reorder": ("Обновить порядок", "Ретін жаңарту", "Update the order"),
    "refused": ("Не получилось", "Болмады", "That did not work"),
    "voice": ("Голосовое сообщение", "Дауыстық хабарлама", "Voice message"),
    "video": ("Видео", "Бейне", "Video"),
    "document": ("Документ", "Құжат", "Document"),
    "sticker": ("Стикер", "Стикер", "Sticker"),
    "place": ("Место на карте", "Картадағы орын", "Place on the map"),
    "start": ("Откройте бота", "Ботты ашыңыз", "Open the bot"),
    "today": ("Сегодня", "Бүгін", "Today"),
    "minutes": ("мин", "мин", "min"),
    "hours": ("ч", "сағ", "h"),
    "ledger": ("Журнал города", "Қала журналы", "City ledger"),
    "ru": ("по-русски", "орысша", "Russian"),
    "kk": ("по-казахски", "қазақша", "Kazakh"),
    "en": ("по-английски", "ағылшынша", "English"),
    "mixed": ("вперемешку", "аралас", "mixed"),
}
_PICTURES: Mapping[str, tuple[str, str, str]] = {
    "pothole": ("яма", "шұңқыр", "pothole"),
    "open_manhole": ("открытый люк", "ашық люк", "open manhole"),
    "rubbish": ("мусор", "қоқыс", "rubbish"),
    "dark_street": ("тёмная улица", "қараңғы көше", "dark street"),
    "burst_pipe": ("прорыв трубы", "құбыр жарылуы", "burst pipe"),
    "snow": ("снег", "қар", "snow"),
    "playground": ("сломанные качели", "сынған әткеншек", "broken swing"),
    "broken_lift": ("лифт", "лифт", "lift"),
    "bare_wire": ("оголённый провод", "жалаң сым", "bare wire"),
    "stray_dogs": ("собаки", "иттер", "stray dogs"),
    "tree_fallen": ("упавшее дерево", "құлаған ағаш", "fallen tree"),
    "flooded_street": ("затопленная улица", "су басқан көше", "flooded street"),
    "receipt": ("квитанция", "түбіртек", "bill"),
    "bus_stop": ("остановка", "аялдама", "bus stop"),
}
_PLACE = {"ru": 0, "kk": 1, "en": 2}


class Words:
    """Words of one language; an unknown key is shown as itself rather than hidden."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "ru"

    def __getitem__(self, key: str) -> str:
        """Say a word."""
        found = WORDS.get(key)
        return found[_PLACE[self.language]] if found else key

    def pictures(self) -> list[tuple[str, str]]:
        """List the pictures a visitor can send: name and word."""
        return [(name, words[_PLACE[self.language]]) for name, words in _PICTURES.items()]
