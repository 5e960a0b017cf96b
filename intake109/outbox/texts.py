"""Every text a citizen reads from us, in the citizen's language. Placeholders are filled when it is sent for."""

from __future__ import annotations

from intake109.model import Language

_TEXTS: dict[str, dict[str, str]] = {
    "acknowledgement": {
        "ru": "Здравствуйте! Ваше обращение зарегистрировано под номером {number}. Услуга: {service}. "
        "Исполнитель: {executor}. Срок: до {deadline}. Мы сообщим о результате.",
        "kk": "Сәлеметсіз бе! Өтінішіңіз {number} нөмірімен тіркелді. Қызмет: {service}. "
        "Орындаушы: {executor}. Мерзімі: {deadline} дейін. Нәтижесін хабарлаймыз.",
        "en": "Hello! Your appeal is registered under number {number}. Service: {service}. "
        "Executor: {executor}. Due by {deadline}. We will tell you the result.",
    },
    "incident": {
        "ru": "Здравствуйте! Ваше сообщение об опасности принято под номером {number} и передано аварийной службе: "
        "{executor}. Пожалуйста, не подходите близко и предупредите других. При угрозе жизни звоните 112.",
        "kk": "Сәлеметсіз бе! Қауіп туралы хабарыңыз {number} нөмірімен қабылданып, шұғыл қызметке берілді: "
        "{executor}. Өтінеміз, жақындамаңыз және басқаларға ескертіңіз. Өмірге қауіп төнсе, 112-ге қоңырау шалыңыз.",
        "en": "Hello! Your report of danger is registered under number {number} and passed to the emergency crew: "
        "{executor}. Please keep away and warn others. If life is at risk call 112.",
    },
    "attached": {
        "ru": "Здравствуйте! Об этой проблеме уже известно, ваше обращение присоединено к номеру {number}. "
        "Исполнитель: {executor}. Срок: до {deadline}. Мы сообщим о результате и вам.",
        "kk": "Сәлеметсіз бе! Бұл мәселе бізге белгілі, өтінішіңіз {number} нөміріне қосылды. "
        "Орындаушы: {executor}. Мерзімі: {deadline} дейін. Нәтижесін сізге де хабарлаймыз.",
        "en": "Hello! This problem is known already, your appeal is attached to number {number}. "
        "Executor: {executor}. Due by {deadline}. We will tell you the result too.",
    },
    "corrected": {
        "ru": "Уточняем по вашему обращению {number}. Услуга: {service}. Исполнитель: {executor}. Срок: до {deadline}.",
        "kk": "{number} өтінішіңіз бойынша нақтылаймыз. Қызмет: {service}. Орындаушы: {executor}. "
        "Мерзімі: {deadline} дейін.",
        "en": "A correction to your appeal {number}. Service: {service}. Executor: {executor}. Due by {deadline}.",
    },
    "moved": {
        "ru": "Об этой проблеме мы уже знали, поэтому ваше обращение {former} объединено с другим: теперь действует "
        "номер {number}, а номер {former} аннулирован. Исполнитель: {executor}. Срок: до {deadline}. Мы сообщим о "
        "результате и вам.",
        "kk": "Бұл мәселе бізге белгілі болған, сондықтан {former} өтінішіңіз басқасымен біріктірілді: енді {number} "
        "нөмірі қолданылады, ал {former} нөмірі жойылды. Орындаушы: {executor}. Мерзімі: {deadline} дейін. Нәтижесін "
        "сізге де хабарлаймыз.",
        "en": "We knew of this problem already, so your appeal {former} was joined to another: number {number} counts "
        "now, number {former} is annulled. Executor: {executor}. Due by {deadline}. We will tell you the result too.",
    },
    "merged": {
        "ru": "Ваше обращение {former} объединено с обращением {number}: это одна и та же проблема. Исполнитель: "
        "{executor}. Срок: до {deadline}. Ваш номер {former} остаётся в силе, мы сообщим о результате и вам.",
        "kk": "{former} өтінішіңіз {number} өтінішімен біріктірілді: бұл бір мәселе. Орындаушы: {executor}. "
        "Мерзімі: {deadline} дейін. {former} нөміріңіз күшінде қалады, нәтижесін сізге де хабарлаймыз.",
        "en": "Your appeal {former} was joined with appeal {number}: it is the same problem. Executor: {executor}. "
        "Due by {deadline}. Your number {former} stays valid, we will tell you the result too.",
    },
    "split": {
        "ru": "Ваше обращение {number} снова рассматривается отдельно. Услуга: {service}. Исполнитель: {executor}. "
        "Срок: до {deadline}.",
        "kk": "{number} өтінішіңіз қайтадан бөлек қаралады. Қызмет: {service}. Орындаушы: {executor}. "
        "Мерзімі: {deadline} дейін.",
        "en": "Your appeal {number} is handled by itself again. Service: {service}. Executor: {executor}. "
        "Due by {deadline}.",
    },
    "renumbered": {
        "ru": "У вашего обращения (было {former}) теперь свой номер: {number}. Услуга: {service}. Исполнитель: "
        "{executor}. Срок: до {deadline}.",
        "kk": "Өтінішіңіздің ({former} болған) енді өз нөмірі бар: {number}. Қызмет: {service}. Орындаушы: {executor}. "
        "Мерзімі: {deadline} дейін.",
        "en": "Your appeal (it was {former}) has a number of its own now: {number}. Service: {service}. Executor: "
        "{executor}. Due by {deadline}.",
    },
    "reopened": {
        "ru": "Здравствуйте! Эта проблема вернулась, поэтому обращение {number} открыто снова, вы теперь тоже его "
        "заявитель. Исполнитель: {executor}. Новый срок: до {deadline}. Мы сообщим о результате.",
        "kk": "Сәлеметсіз бе! Бұл мәселе қайталанды, сондықтан {number} өтініші қайта ашылды, енді сіз де оның өтініш "
        "берушісісіз. Орындаушы: {executor}. Жаңа мерзімі: {deadline} дейін. Нәтижесін хабарлаймыз.",
        "en": "Hello! This problem has come back, so appeal {number} is open again and you are one of its reporters. "
        "Executor: {executor}. Now due by {deadline}. We will tell you the result.",
    },
    "renewed_split": {
        "ru": "Обращение {number} снова рассматривается отдельно и передано вам. Срок: до {deadline}.",
        "kk": "{number} өтініші қайтадан бөлек қаралады, сізге берілді. Мерзімі: {deadline} дейін.",
        "en": "Appeal {number} is handled by itself again and passed to you. Due by {deadline}.",
    },
    "renewed_reopened": {
        "ru": "Проблема вернулась: обращение {number} открыто снова и передано вам. Новый срок: до {deadline}.",
        "kk": "Мәселе қайталанды: {number} өтініші қайта ашылып, сізге берілді. Жаңа мерзімі: {deadline} дейін.",
        "en": "The problem came back: appeal {number} is open again and passed to you. Now due by {deadline}.",
    },
    "withdrawn": {
        "ru": "Обращение {number} отозвано: это не обращение. Работы по нему не нужны.",
        "kk": "{number} өтініші кері қайтарылды: бұл өтініш емес. Ол бойынша жұмыс қажет емес.",
        "en": "Appeal {number} is withdrawn: it is no appeal. No work is wanted.",
    },
    "withdrawn_known": {
        "ru": "Обращение {number} отозвано: об этой проблеме уже есть обращение {other}. Отдельных работ не нужно.",
        "kk": "{number} өтініші кері қайтарылды: бұл мәселе бойынша {other} өтініші бар. Бөлек жұмыс қажет емес.",
        "en": "Appeal {number} is withdrawn: appeal {other} is about the same problem. No work of its own is wanted.",
    },
    "annulled": {
        "ru": "Номер {number} аннулирован: ваше сообщение зарегистрировали как обращение по ошибке. Если вам нужна "
        "помощь города, напишите, что случилось и где.",
        "kk": "{number} нөмірі жойылды: хабарыңыз қателесіп өтініш ретінде тіркелген. Қаланың көмегі керек болса, "
        "не болғанын және қайда екенін жазыңыз.",
        "en": "Number {number} is annulled: your message was registered as an appeal by mistake. If you need the "
        "city's help, write what happened and where.",
    },
    "answer": {
        "ru": "Здравствуйте! Ответ на ваш вопрос (№ {number}): ",
        "kk": "Сәлеметсіз бе! Сұрағыңызға жауап (№ {number}): ",
        "en": "Hello! The answer to your question (No. {number}): ",
    },
    "question": {
        "ru": "Здравствуйте! Чтобы помочь быстрее, подскажите, пожалуйста: {what}",
        "kk": "Сәлеметсіз бе! Тезірек көмектесу үшін айтып жіберіңізші: {what}",
        "en": "Hello! To help you faster, please tell us: {what}",
    },
    "thanks": {
        "ru": "Спасибо за добрые слова! Всего вам доброго.",
        "kk": "Жылы сөзіңізге рахмет! Сізге де жақсылық тілейміз.",
        "en": "Thank you for your kind words!",
    },
    "not_ours": {
        "ru": "Здравствуйте! Этот вопрос вне ведения города. Пожалуйста, обратитесь: ",
        "kk": "Сәлеметсіз бе! Бұл мәселе қала құзыретіне жатпайды. Мына жерге жүгініңіз: ",
        "en": "Hello! This is outside the city's remit. Please turn to: ",
    },
    "start": {
        "ru": "Здравствуйте! Это контакт-центр {centre}, {city}. Напишите, что случилось и где (улица, дом), "
        "можно с фото. Мы зарегистрируем обращение и пришлём номер. Узнать о нём: /status и номер.",
        "kk": "Сәлеметсіз бе! Бұл {city}, {centre} байланыс орталығы. Не болғанын және қайда екенін "
        "(көше, үй) жазыңыз, фото қоссаңыз болады. Өтінішті тіркеп, нөмірін жібереміз. Күйін білу: /status және нөмір.",
        "en": "Hello! This is the contact centre {centre} of {city}. Write what happened and where (street, house), "
        "a photo helps. We register it and send you a number. To follow it: /status and the number.",
    },
    "language": {
        "ru": "Буду отвечать на русском.",
        "kk": "Енді қазақша жауап беремін.",
        "en": "I will answer in English.",
    },
    "choose_language": {
        "ru": "Выберите язык / Тілді таңдаңыз / Choose a language",
        "kk": "Тілді таңдаңыз / Выберите язык / Choose a language",
        "en": "Choose a language / Тілді таңдаңыз / Выберите язык",
    },
    "outage": {
        "ru": "Здравствуйте! {text} По последним данным — до {until}. Ваше обращение зарегистрировано под номером "
        "{number}. Если и после этого ничего не изменится, ответьте на это сообщение.",
        "kk": "Сәлеметсіз бе! {text} Соңғы мәлімет бойынша: {until} дейін. Өтінішіңіз {number} нөмірімен тіркелді. "
        "Содан кейін де өзгермесе, осы хабарға жауап беріңіз.",
        "en": "Hello! {text} By the latest news it lasts until {until}. Your appeal is registered under number "
        "{number}. If nothing has changed by then, answer this message.",
    },
    "outage_text": {
        "ru": "Это объявленное отключение: {what}.",
        "kk": "Бұл жарияланған өшірілім: {what}.",
        "en": "This is an announced interruption: {what}.",
    },
    "outage_where": {"ru": " Адреса: {where}.", "kk": " Қай жерде: {where}.", "en": " Addresses: {where}."},
    "outage_moved": {
        "ru": "По вашему обращению {number} ({what}): срок изменился, теперь до {until}.",
        "kk": "{number} өтінішіңіз бойынша ({what}): мерзім өзгерді, енді {until} дейін.",
        "en": "About your appeal {number} ({what}): the time has changed, it now lasts until {until}.",
    },
    "outage_ended": {
        "ru": "По вашему обращению {number}: работы закончены. Если у вас всё ещё {what}, ответьте на это сообщение.",
        "kk": "{number} өтінішіңіз бойынша: жұмыс аяқталды. Сізде әлі {what} болса, осы хабарға жауап беріңіз.",
        "en": "About your appeal {number}: the work is done. If there is still {what} at your place, answer this "
        "message.",
    },
    "outage_cancelled": {
        "ru": "По вашему обращению {number}: объявленное отключение отменено. Если у вас всё ещё {what}, ответьте на "
        "это сообщение, и мы разберёмся.",
        "kk": "{number} өтінішіңіз бойынша: жарияланған өшірілім жойылды. Сізде әлі {what} болса, осы хабарға жауап "
        "беріңіз, анықтаймыз.",
        "en": "About your appeal {number}: the announced interruption is cancelled. If there is still {what} at your "
        "place, answer this message and we will look into it.",
    },
    "outage_lapsed": {
        "ru": "По вашему обращению {number}: работы должны были закончиться в {until}. Если у вас всё ещё {what}, "
        "ответьте на это сообщение, и мы передадим это аварийной службе.",
        "kk": "{number} өтінішіңіз бойынша: жұмыс {until} аяқталуы керек еді. Сізде әлі {what} болса, осы хабарға "
        "жауап беріңіз, апат қызметіне береміз.",
        "en": "About your appeal {number}: the work should have ended at {until}. If there is still {what} at your "
        "place, answer this message and we will pass it to the emergency crew.",
    },
    "status": {
        "ru": "Обращение {number}: {state}. Услуга: {service}. Срок: до {deadline}.",
        "kk": "{number} өтініш: {state}. Қызмет: {service}. Мерзімі: {deadline} дейін.",
        "en": "Appeal {number}: {state}. Service: {service}. Due by {deadline}.",
    },
    "status_merged": {
        "ru": "Обращение {former} объединено с обращением {number}: {state}. Услуга: {service}. Срок: до {deadline}.",
        "kk": "{former} өтініш {number} өтінішімен біріктірілген: {state}. Қызмет: {service}. Мерзімі: {deadline} "
        "дейін.",
        "en": "Appeal {former} is joined with appeal {number}: {state}. Service: {service}. Due by {deadline}.",
    },
    "status_unknown": {
        "ru": "Среди ваших обращений такого номера нет. Напишите: /status 2026-000123, или /my, чтобы увидеть все.",
        "kk": "Сіздің өтініштеріңіздің арасында мұндай нөмір жоқ. Былай жазыңыз: /status 2026-000123, "
        "бәрін көру үшін /my.",
        "en": "None of your appeals has this number. Write /status 2026-000123, or /my to see all of them.",
    },
    "in_private": {
        "ru": "О ваших обращениях здесь читают все. Напишите мне лично, и я отвечу.",
        "kk": "Мұнда өтініштеріңізді бәрі оқиды. Маған жеке жазыңыз, сонда жауап беремін.",
        "en": "Everybody reads about your appeals here. Write to me in private and I will answer.",
    },
    "no_appeals": {
        "ru": "У вас пока нет зарегистрированных обращений.",
        "kk": "Сізде әзірге тіркелген өтініш жоқ.",
        "en": "You have no registered appeals yet.",
    },
}

_BEGINNINGS = {
    text.replace("{what}", "").strip() for name in ("answer", "question", "not_ours") for text in _TEXTS[name].values()
}

STATES: dict[str, dict[str, str]] = {
    "registered": {"ru": "зарегистрировано", "kk": "тіркелді", "en": "registered"},
    "forwarded": {"ru": "передано исполнителю", "kk": "орындаушыға берілді", "en": "passed to the executor"},
    "in_work": {"ru": "в работе", "kk": "жұмыста", "en": "in work"},
    "answered": {
        "ru": "исполнено, ждём вашего слова",
        "kk": "орындалды, сіздің жауабыңызды күтеміз",
        "en": "done, waiting for your word",
    },
    "waiting": {"ru": "ждём уточнения от вас", "kk": "сізден нақтылау күтеміз", "en": "waiting for details from you"},
    "returned": {
        "ru": "передаётся другому исполнителю",
        "kk": "басқа орындаушыға берілуде",
        "en": "being passed to another executor",
    },
    "long_term": {
        "ru": "требует времени, на контроле",
        "kk": "уақыт қажет, бақылауда",
        "en": "takes time, under control",
    },
    "closed": {"ru": "закрыто", "kk": "жабылды", "en": "closed"},
    "merged": {"ru": "объединено с другим", "kk": "басқасымен біріктірілді", "en": "joined with another"},
    "annulled": {"ru": "номер аннулирован", "kk": "нөмір жойылды", "en": "number annulled"},
}


def spoken(language: str) -> str:
    """Return the language we answer in: Kazakh to Kazakh and to mixed speech, English to English, else Russian."""
    return {"kk": "kk", "mixed": "kk", Language.KK.value: "kk", "en": "en"}.get(language, "ru")


def template(name: str, language: str) -> str:
    """Return a text with its placeholders.

    Raises:
        KeyError: there is no such text.
    """
    return _TEXTS[name][spoken(language)]


def is_unfinished(text: str) -> bool:
    """Say whether a text is one of the beginnings an inspector has to complete, with nothing added to it."""
    return text.strip() in _BEGINNINGS


def names() -> tuple[str, ...]:
    """Return the names of all texts."""
    return tuple(_TEXTS)
