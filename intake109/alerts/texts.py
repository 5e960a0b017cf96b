"""What the staff reads in the chat and in the mail. Citizens' words never leave the house this way: only a link."""

from __future__ import annotations

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
    "button": {"ru": "Беру", "kk": "Аламын", "en": "I take it"},
    "taken": {
        "ru": "{name} берёт задачу {task}.",
        "kk": "{task} тапсырмасын {name} алады.",
        "en": "{name} takes task {task}.",
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


def names() -> tuple[str, ...]:
    """Return the names of all texts."""
    return tuple(_TEXTS)
