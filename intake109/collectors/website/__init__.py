"""The akim's web site: a signed JSON endpoint, an embedded form, and the photos that come with either."""

from intake109.collectors.website.form import (
    HONEYPOT,
    FormPhoto,
    FormRefusal,
    FormRefusedError,
    FormSubmission,
    check_form_token,
    check_honeypot,
    events_from_form,
    form_token,
)
from intake109.collectors.website.limiter import SlidingWindow, address_key
from intake109.collectors.website.media import WebsiteMedia
from intake109.collectors.website.parser import WebsiteParser
from intake109.collectors.website.sender import WebsiteSender
from intake109.collectors.website.webhook import WebsiteWebhook, sign

__all__ = [
    "HONEYPOT",
    "FormPhoto",
    "FormRefusal",
    "FormRefusedError",
    "FormSubmission",
    "SlidingWindow",
    "WebsiteMedia",
    "WebsiteParser",
    "WebsiteSender",
    "WebsiteWebhook",
    "address_key",
    "check_form_token",
    "check_honeypot",
    "events_from_form",
    "form_token",
    "sign",
]
