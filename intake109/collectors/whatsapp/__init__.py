"""WhatsApp Business through Meta's Cloud API: webhook in, messages and templates out, media by id."""

from intake109.collectors.whatsapp.media import WhatsappMedia
from intake109.collectors.whatsapp.parser import WhatsappParser
from intake109.collectors.whatsapp.sender import WhatsappSender
from intake109.collectors.whatsapp.webhook import WhatsappWebhook

__all__ = ["WhatsappMedia", "WhatsappParser", "WhatsappSender", "WhatsappWebhook"]
