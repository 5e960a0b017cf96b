"""The WhatsApp Cloud API of the demo city.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp (webhook reference, messages API,
usernames and BSUIDs; May–July 2026).
"""
