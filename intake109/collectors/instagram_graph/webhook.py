"""What Meta POSTs to us for Instagram: comments, mentions, direct messages."""

from __future__ import annotations

from intake109.collectors.hub import HubWebhook
from intake109.model import Channel


class InstagramWebhook(HubWebhook):
    """Receives the deliveries of one app; see `base.Webhook`."""

    name = "instagram"
    channel = Channel.INSTAGRAM
    source = "instagram.webhook"
