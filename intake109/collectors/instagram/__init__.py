"""Instagram through instaloader and a session of the centre's own account: tagged posts without an app review.

The fallback beside the Graph API: it reads, it cannot answer. Both write the same keys, so a post seen both ways is one
mention; `instagram_graph.InstagramParser` reads what is written here.
"""

from intake109.collectors.instagram.border import TaggedPost, TaggedPosts
from intake109.collectors.instagram.poller import InstaloaderPoller

__all__ = ["InstaloaderPoller", "TaggedPost", "TaggedPosts"]
