"""`config.yaml` and secrets, checked once at start. Every problem is one line naming file, key and remedy, all at once.

Public settings live in the file. Secrets never do: they come from the environment variable named beside each, or from
the file that `<NAME>_FILE` points to.
"""

from intake109.config.alerts import Alerts, Email, Fallback
from intake109.config.cluster import Cluster
from intake109.config.deadlines import Deadlines
from intake109.config.executors import Executors, Mailbox
from intake109.config.loading import NEEDED, SECRETS, load
from intake109.config.outages import Outages
from intake109.config.promise import Incident, Ladder, Night, Ordinary, Promise
from intake109.config.registry import Registry
from intake109.config.reports import Reports
from intake109.config.same_problem import SameProblem
from intake109.config.settings import (
    Channels,
    City,
    Classifier,
    Config,
    Instagram,
    Instaloader,
    Server,
    Storage,
    Telegram,
    Website,
    Whatsapp,
)
from intake109.config.voice import Voice

__all__ = [
    "NEEDED",
    "SECRETS",
    "Alerts",
    "Channels",
    "City",
    "Classifier",
    "Cluster",
    "Config",
    "Deadlines",
    "Email",
    "Executors",
    "Fallback",
    "Incident",
    "Instagram",
    "Instaloader",
    "Ladder",
    "Mailbox",
    "Night",
    "Ordinary",
    "Outages",
    "Promise",
    "Registry",
    "Reports",
    "SameProblem",
    "Server",
    "Storage",
    "Telegram",
    "Voice",
    "Website",
    "Whatsapp",
    "load",
]
