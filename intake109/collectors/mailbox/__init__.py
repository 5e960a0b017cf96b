"""The mailbox executors reply to: asked over IMAP, and a letter read. `jobs.mailbox` calls it."""

from intake109.collectors.mailbox.imap import Mailbox, Open
from intake109.collectors.mailbox.letter import Came, Enclosure, Fault, read, read_head

__all__ = ["Came", "Enclosure", "Fault", "Mailbox", "Open", "read", "read_head"]
