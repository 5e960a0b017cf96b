"""What the staff reads in the chat and in the mail. Citizens' words never leave the house this way: only a link."""

from __future__ import annotations

from datetime import datetime, timedelta

from intake109.model import Channel
from intake109.store.tables import TaskRow

_TEXTS: dict[str, dict[str, str]] = {
    "reminder": {
        "ru": "Напоминание: задача {task} у вас в работе, до обещанного срока {minutes} мин.",
        "kk": "Еске салу: {task} тапсырмасы сізде, уәде мерзіміне {minutes} мин қалды.",
        "en": "Reminder: you hold task {task}, {minutes} min are left of the promise.",
    },
    "waiting": {
        "ru": "Задача {task} ({channel}) никем не решена, до обещанного срока {minutes} мин.",
        "kk": "{task} тапсырмасын ({channel}) ешкім шешпеді, уәде мерзіміне {minutes} мин қалды.",
        "en": "Nobody has decided task {task} ({channel}), {minutes} min are left of the promise.",
    },
    "escalation": {
        "ru": "Супервизору: задача {task} ({channel}) не решена, до обещанного срока {minutes} мин.",
        "kk": "Супервайзерге: {task} тапсырмасы ({channel}) шешілмеді, уәде мерзіміне {minutes} мин қалды.",
        "en": "To the supervisor: task {task} ({channel}) is not decided, {minutes} min are left of the promise.",
    },
    "waiting_many": {
        "ru": "Ждут решения: {count}. Самая старая задача ждёт {waited} мин, до обещанного срока {minutes} мин.",
        "kk": "Шешім күтіп тұр: {count}. Ең ескі тапсырма {waited} мин күтуде, уәде мерзіміне {minutes} мин қалды.",
        "en": "Waiting for a decision: {count}. The oldest waits {waited} min, {minutes} min are left of the promise.",
    },
    "escalation_many": {
        "ru": "Супервизору, не решены: {count}. Самая старая ждёт {waited} мин, до обещанного срока {minutes} мин.",
        "kk": "Супервайзерге, шешілмеді: {count}. Ең ескі тапсырма {waited} мин күтуде, уәдеге {minutes} мин қалды.",
        "en": "To the supervisor, not decided: {count}. The oldest task waits {waited} min, {minutes} min are left.",
    },
    "many_over": {
        "ru": "Об этом больше ничего не ждёт: решено или принято к сведению.",
        "kk": "Бұл бойынша ештеңе күтіп тұрған жоқ: шешілді немесе ескерілді.",
        "en": "Nothing of this waits any more: decided or acknowledged.",
    },
    "unanswered": {
        "ru": "⚠ Супервизору: ИНЦИДЕНТ не решён, задача {task} ({channel}), до обещанного срока {minutes} мин.",
        "kk": "⚠ Супервайзерге: ИНЦИДЕНТ шешілмеді, тапсырма {task} ({channel}), уәде мерзіміне {minutes} мин қалды.",
        "en": "⚠ To the supervisor: an INCIDENT is not decided, task {task} ({channel}), {minutes} min are left.",
    },
    "incident": {
        "ru": "⚠ ИНЦИДЕНТ. Похоже на опасность для жизни: задача {task} ({channel}). Возьмите сейчас.",
        "kk": "⚠ ИНЦИДЕНТ. Өмірге қауіп болуы мүмкін: {task} тапсырмасы ({channel}). Қазір алыңыз.",
        "en": "⚠ INCIDENT. This may be danger to life: task {task} ({channel}). Take it now.",
    },
    "dispatch": {
        "ru": "⚠ ИНЦИДЕНТ зарегистрирован автоматически, его ещё не видел человек: задача {task} ({channel}). "
        "Проверьте, что дежурная служба выехала.",
        "kk": "⚠ ИНЦИДЕНТ автоматты тіркелді, оны әлі ешкім көрген жоқ: {task} тапсырмасы ({channel}). "
        "Кезекші қызметтің шыққанын тексеріңіз.",
        "en": "⚠ An INCIDENT was registered automatically and no person has seen it: task {task} ({channel}). "
        "See that the duty crew is on its way.",
    },
    "still_dangerous": {
        "ru": "⚠ Опасность НЕ устранена: проверили на месте или по камере, задача {task} ({channel}). "
        "Исполнителю отправлено снова, проследите.",
        "kk": "⚠ Қауіп ЖОЙЫЛМАҒАН: орнында немесе камерадан тексерілді, {task} тапсырмасы ({channel}). "
        "Орындаушыға қайта жіберілді, қадағалаңыз.",
        "en": "⚠ The danger is NOT over: somebody looked, task {task} ({channel}). "
        "The executor has it again, see that it acts.",
    },
    "overdue": {
        "ru": "Супервизору: исполнитель просрочил обращение, задача {task} ({channel}). Руководитель "
        "исполнителя не указан.",
        "kk": "Супервайзерге: орындаушы өтініш мерзімін өткізіп алды, {task} тапсырмасы ({channel}). Оның басшысы "
        "көрсетілмеген.",
        "en": "To the supervisor: an executor is past a deadline, task {task} ({channel}). No superior of it is named.",
    },
    "button": {"ru": "Беру", "kk": "Аламын", "en": "I take it"},
    "taken": {
        "ru": "{name} берёт задачу {task}.",
        "kk": "{task} тапсырмасын {name} алады.",
        "en": "{name} takes task {task}.",
    },
    "taken_of_many": {
        "ru": "{name} берёт задачу {task}. Принято к сведению: {count}.",
        "kk": "{task} тапсырмасын {name} алады. Ескерілді: {count}.",
        "en": "{name} takes task {task}. Acknowledged: {count}.",
    },
    "acknowledged_many": {
        "ru": "{name} принимает к сведению: {count}.",
        "kk": "{name} ескерді: {count}.",
        "en": "{name} has acknowledged: {count}.",
    },
    "over": {
        "ru": "Здесь уже ничего не ждёт.",
        "kk": "Мұнда күтіп тұрған ештеңе жоқ.",
        "en": "Nothing waits here any more.",
    },
    "acknowledged": {
        "ru": "{name}: задача {task} принята к сведению.",
        "kk": "{name}: {task} тапсырмасы ескерілді.",
        "en": "{name} has acknowledged task {task}.",
    },
    "held": {
        "ru": "Задачу {task} уже ведёт {holder}.",
        "kk": "{task} тапсырмасын {holder} жүргізіп жатыр.",
        "en": "{holder} works on task {task} already.",
    },
    "decided": {
        "ru": "Задача {task} уже решена.",
        "kk": "{task} тапсырмасы шешіліп қойған.",
        "en": "Task {task} is decided already.",
    },
    "stranger": {
        "ru": "Этот Telegram не привязан к учётной записи сотрудника. Ваш номер: {id}. Передайте его администратору.",
        "kk": "Бұл Telegram қызметкердің тіркелгісіне байланбаған. Сіздің нөміріңіз: {id}. Оны әкімшіге беріңіз.",
        "en": "This Telegram belongs to no account of the staff. Your number is {id}. Give it to the administrator.",
    },
}


def text(name: str, language: str, /, **values: object) -> str:
    """Return a text with its values put in.

    Raises:
        KeyError: there is no such text, or a value is missing.
    """
    return _TEXTS[name][language].format(**values)


def of_task(kind: str, language: str, task: TaskRow | None, now: datetime) -> str:
    """Return what is said of one task."""
    left = minutes(task.promise_at - now) if task else 0
    channel = Channel(task.channel).value.title() if task else ""
    return text(kind, language, task=task.id if task else None, channel=channel, minutes=left)


def minutes(length: timedelta) -> int:
    """Return whole minutes as the staff reads them, never fewer than none."""
    return max(0, int(length.total_seconds() // 60))


def names() -> tuple[str, ...]:
    """Return the names of all texts."""
    return tuple(_TEXTS)
