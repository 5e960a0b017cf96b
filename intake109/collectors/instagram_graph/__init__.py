"""Instagram through Meta's Graph API: tagged posts by poll, the rest by webhook, answers out. The reliable way."""

from intake109.collectors.instagram_graph.lookup import InstagramLookup
from intake109.collectors.instagram_graph.media import InstagramMedia
from intake109.collectors.instagram_graph.parser import SOURCES, InstagramParser
from intake109.collectors.instagram_graph.sender import InstagramSender
from intake109.collectors.instagram_graph.subscription import InstagramSubscription
from intake109.collectors.instagram_graph.tags import InstagramTagsPoller
from intake109.collectors.instagram_graph.tokens import TokenKeeper
from intake109.collectors.instagram_graph.webhook import InstagramWebhook

__all__ = [
    "SOURCES",
    "InstagramLookup",
    "InstagramMedia",
    "InstagramParser",
    "InstagramSender",
    "InstagramSubscription",
    "InstagramTagsPoller",
    "InstagramWebhook",
    "TokenKeeper",
]
