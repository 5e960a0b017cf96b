"""Posts, comments and messages of the demo city's Instagram, and who may use the API until when."""

import base64
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from intake109.demo.standin.asked import Json
from intake109.demo.standin.files import LINK_LIFE, Stored
from intake109.demo.standin.ground import Ground
from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.meta import errors
from intake109.demo.standin.meta.errors import GraphError
from intake109.demo.standin.meta.mailbox import Mailbox
from intake109.demo.standin.people import Citizen, InstagramUser

TOKEN_LIFE = timedelta(days=60)
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Post:
    """A post, reel or album; `id` is the Graph API's, `pk` and `shortcode` are the web's."""

    id: str
    pk: int
    owner: InstagramUser
    citizen: str | None
    caption: str
    files: tuple[Stored, ...]
    taken_at: datetime
    seq: int
    tagged: int = 0
    deleted: bool = False
    withheld: bool = False

    @property
    def shortcode(self) -> str:
        """The short name in links: the pk in base 64."""
        raw = base64.b64encode(self.pk.to_bytes(9, "big"), b"-_").decode()
        return raw.replace("A", " ").lstrip().replace(" ", "A")

    @property
    def kind(self) -> str:
        """The Graph API's media_type."""
        if len(self.files) > 1:
            return "CAROUSEL_ALBUM"
        return "VIDEO" if self.files and self.files[0].kind == "video" else "IMAGE"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, or an answer to one (`parent`)."""

    id: str
    post: str
    author: InstagramUser
    citizen: str | None
    text: str
    at: datetime
    seq: int
    parent: str | None = None
    deleted: bool = False
    hidden: bool = False


class Instagram:
    """State of Instagram as far as the centre's account sees it. Callers hold the ground's lock."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.mailbox = Mailbox(ground, "instagram")
        centre = ground.centre
        self.me = InstagramUser(centre.instagram_pk, centre.instagram_id, centre.instagram_username)
        self.posts: dict[str, Post] = {}
        self.comments: dict[str, Comment] = {}
        self.last_heard: dict[str, datetime] = {}
        self.privately_answered: set[str] = set()
        self.fields: list[str] = ["comments", "mentions", "messages"]
        self.logged_out = False
        self._tokens: dict[str, datetime] = {}
        self._calls: deque[datetime] = deque()

    # -- tokens and limits ---------------------------------------------------------------------------------------

    def check_token(self, token: str, now: datetime) -> None:
        """Let a token pass; the first one lives for 60 days from its first use.

        Raises:
            GraphError: unknown or expired.
        """
        if token == self.ground.centre.instagram_token:
            self._tokens.setdefault(token, now + TOKEN_LIFE)
        until = self._tokens.get(token)
        if until is None:
            raise GraphError(errors.TOKEN_INVALID)
        if now >= until:
            raise GraphError(errors.TOKEN_EXPIRED)

    def refresh(self, token: str, now: datetime) -> Json:
        """Give a new token for 60 more days; the old one goes on to its own end."""
        self.check_token(token, now)
        new = f"{self.ground.centre.instagram_token}R{self.ground.next('token')}"
        self._tokens[new] = now + TOKEN_LIFE
        return {"access_token": new, "token_type": "bearer", "expires_in": int(TOKEN_LIFE.total_seconds())}

    def expire_tokens(self) -> None:
        """End every token that was ever given out, for a test of an idle inbox."""
        for token in {*self._tokens, self.ground.centre.instagram_token}:
            self._tokens[token] = _EPOCH

    def count_call(self, now: datetime) -> int:
        """Count a call and say how many per cent of the hour's limit are used.

        Raises:
            GraphError: more than all of it, where limits are on.
        """
        while self._calls and now - self._calls[0] >= timedelta(hours=1):
            self._calls.popleft()
        settings = self.ground.settings
        if settings.flood_limits and len(self._calls) >= settings.app_calls_per_hour:
            raise GraphError(errors.APP_RATE)
        self._calls.append(now)
        return min(100, len(self._calls) * 100 // settings.app_calls_per_hour)

    # -- posts and comments --------------------------------------------------------------------------------------

    def publish(self, owner: InstagramUser, citizen: str | None, caption: str, files: tuple[Stored, ...]) -> Post:
        """Make a post; the ledger's line is written by the caller, who knows why."""
        serial = self.ground.next("ig:post")
        pk = 3_700_000_000_000_000_000 + serial * 7_919_000_003
        return Post(str(17_918_000_000_000_000 + serial), pk, owner, citizen, caption, files, _EPOCH, 0)

    def post(self, post_id: str) -> Post | None:
        """Find a post that is still there."""
        post = self.posts.get(post_id)
        return None if post is None or post.deleted else post

    def comment(self, comment_id: str) -> Comment | None:
        """Find a comment that is still there, under a post that is."""
        comment = self.comments.get(comment_id)
        gone = comment is None or comment.deleted or self.post(comment.post) is None
        return None if gone else comment

    def under(self, post: Post, parent: str | None = None) -> list[Comment]:
        """List the comments under a post, or the answers to a comment, newest first."""
        found = [one for one in self.comments.values() if one.post == post.id and one.parent == parent]
        return [one for one in reversed(found) if not one.deleted]

    def is_own(self, post: Post) -> bool:
        """Say whether the centre published it."""
        return post.owner.pk == self.me.pk

    def names_me(self, text: str) -> bool:
        """Say whether a text mentions the centre."""
        return f"@{self.me.username}".lower() in text.lower()

    def tagging(self) -> list[Post]:
        """List the posts in which the centre is tagged, newest tag first."""
        tagged = [post for post in self.posts.values() if post.tagged and not post.deleted]
        return sorted(tagged, key=lambda post: post.tagged, reverse=True)

    def link(self, stored: Stored, now: datetime) -> str:
        """Give a CDN link to a file, good for some days."""
        ground = self.ground
        return ground.files.link(ground.base_url, "instagram", stored.number, now + LINK_LIFE["instagram"])

    # -- webhooks ------------------------------------------------------------------------------------------------

    def change(self, field: str, value: Json, now: datetime, *seqs: int) -> None:
        """Tell a change of a field, in the shape of the login that is in use."""
        if field not in self.fields:
            return
        entry: Json = {"id": self.me.scoped_id, "time": int(now.timestamp())}
        if self.ground.settings.login == "instagram":
            self.mailbox.tell({**entry, "field": field, "value": value}, *seqs)
        else:
            self.mailbox.tell({**entry, "changes": [{"field": field, "value": value}]}, *seqs)

    def message(self, citizen: Citizen, part: Json, now: datetime, *seqs: int, echo: bool = False) -> None:
        """Tell a messaging event between a citizen and the centre."""
        if "messages" not in self.fields:
            return
        assert citizen.instagram is not None
        theirs, ours = {"id": citizen.instagram.scoped_id}, {"id": self.me.scoped_id}
        sender, recipient = (ours, theirs) if echo else (theirs, ours)
        moment = int(now.timestamp() * 1000)
        event: Json = {"sender": sender, "recipient": recipient, "timestamp": moment, **part}
        self.mailbox.tell({"id": self.me.scoped_id, "time": moment, "messaging": [event]}, *seqs)

    def next_mid(self) -> str:
        """Make a message id: opaque base64, as long as the real ones."""
        raw = f"ig_item:1:IGMessageID:{self.me.scoped_id}:{340_282_366_841_710:d}:{self.ground.next('mid'):020d}"
        return "aWdfZAG1f" + base64.b64encode(raw.encode()).decode().rstrip("=")

    def by_scoped_id(self, scoped_id: str) -> Citizen | None:
        """Find the citizen behind an Instagram-scoped id."""
        for citizen in self.ground.people.citizens.values():
            if citizen.instagram is not None and citizen.instagram.scoped_id == scoped_id:
                return citizen
        return None

    def note(self, now: datetime, act: str, citizen: Citizen, **rest: object) -> Entry:
        """Write what a citizen did into the ledger."""
        return self.ground.write(now, "from_citizen", "instagram", act, citizen=citizen.id, **rest)


def moment(at: datetime) -> str:
    """Write a moment as the Graph API does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
