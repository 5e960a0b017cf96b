"""What Meta POSTs to us for WhatsApp."""

from __future__ import annotations

from intake109.collectors.hub import HubWebhook
from intake109.model import Channel


class WhatsappWebhook(HubWebhook):
    """Receives the deliveries of one app; see `base.Webhook`."""

    name = "whatsapp"
    channel = Channel.WHATSAPP
    source = "whatsapp.webhook"
