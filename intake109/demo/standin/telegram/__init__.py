"""The Bot API of the demo city.

Source: https://core.telegram.org/bots/api (Bot API 10) and the answers of the open server tdlib/telegram-bot-api
where the page is silent on wording.
"""
