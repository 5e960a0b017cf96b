"""What people do on Instagram, and what the centre's account is told of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from intake109.demo.standin.act import Act, Result, UnknownActError
from intake109.demo.standin.asked import Json
from intake109.demo.standin.instagram.state import Comment, Instagram, Post
from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.people import Citizen, InstagramUser


def speak(instagram: Instagram, act: Act) -> tuple[Citizen, InstagramUser]:
    """Find who acts.

    Raises:
        UnknownActError: the citizen is not on Instagram.
    """
    citizen = instagram.ground.people.citizen(act.citizen)
    if citizen.instagram is None:
        raise UnknownActError(f"{citizen.id} is not on Instagram")
    return citizen, citizen.instagram


def referred(instagram: Instagram, act: Act, *names: str) -> Entry:
    """Find what an act refers to.

    Raises:
        UnknownActError: it is not there.
    """
    entry = instagram.ground.ledger.by_reference("instagram", act.reference(*names))
    if entry is None:
        raise UnknownActError(f"act {act.name!r} refers to {act.reference(*names)!r}, which is not there")
    return entry


def result(entry: Entry) -> Result:
    """Say what came of an act."""
    return {"seq": entry.seq, "key": entry.key, "ids": entry.ids}


def _publish(instagram: Instagram, post: Post, entry: Entry, now: datetime, *, tagged: bool) -> None:
    order = instagram.ground.next("ig:tag") if tagged else 0
    instagram.posts[post.id] = replace(post, taken_at=now, seq=entry.seq, tagged=order)
    if instagram.names_me(post.caption) and not instagram.is_own(post):
        instagram.change("mentions", {"media_id": post.id}, now, entry.seq)


def _described(post: Post) -> dict[str, object]:
    return {
        "key": post.shortcode,
        "thread": post.shortcode,
        "place": f"@{post.owner.username}",
        "ids": {"media_id": post.id, "pk": str(post.pk), "shortcode": post.shortcode},
        "text": post.caption,
        "media": tuple(stored.shown() for stored in post.files),
    }


def tag(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A citizen tags the centre on a picture of an own post, and maybe also names it in the caption.

    `photo_tag: false` leaves only the caption. `taken_at_age_s` makes the post older than the tag: people tag the
    centre under posts of yesterday, and no platform tells when they did.
    """
    citizen, account = speak(instagram, act)
    files = tuple(instagram.ground.files.sent(spec) for spec in act.media or ["street"])
    post = instagram.publish(account, citizen.id, act.text, files)
    entry = instagram.note(now, "tag", citizen, step=act.step, **_described(post))
    _publish(instagram, post, entry, now, tagged=act.said.flag("photo_tag", True))
    age = act.said.integer("taken_at_age_s")
    if age:
        taken_at = datetime.fromtimestamp(now.timestamp() - age, now.tzinfo)
        instagram.posts[post.id] = replace(instagram.posts[post.id], taken_at=taken_at)
    return result(entry)


def post(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A public account posts, or the centre itself (`account` is its username)."""
    ground = instagram.ground
    name = act.said.text("account")
    own = name in {instagram.me.username, "centre", ""}
    owner = instagram.me if own else ground.people.account(name)
    files = tuple(ground.files.sent(spec) for spec in act.media or ["street"])
    made = instagram.publish(owner, None, act.text, files)
    entry = ground.write(now, "public", "instagram", "post", step=act.step, addressed=False, **_described(made))
    _publish(instagram, made, entry, now, tagged=act.said.flag("photo_tag"))
    return result(entry)


def comment(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A citizen comments under a post or answers a comment.

    The centre is told when it is named under somebody else's post (`mentions`), and of everything under its own
    (`comments`); of the rest it hears nothing.
    """
    citizen, account = speak(instagram, act)
    parent = referred(instagram, act, "under", "reply_to")
    above = instagram.comments.get(parent.key)
    target = instagram.post(above.post if above else parent.ids.get("media_id", ""))
    if target is None:
        raise UnknownActError("the post is deleted")
    # Answers to answers hang under the first comment: Instagram has two levels only.
    top = (above.parent or above.id) if above else None
    comment_id = str(17_894_000_000_000_000 + instagram.ground.next("ig:comment"))
    own, named = instagram.is_own(target), instagram.names_me(act.text)
    entry = instagram.note(
        now,
        "comment",
        citizen,
        key=comment_id,
        thread=target.shortcode,
        place=f"@{target.owner.username}",
        ids={"comment_id": comment_id, "media_id": target.id, "shortcode": target.shortcode},
        text=act.text,
        refers_to=parent.seq,
        step=act.step,
        addressed=own or named,
        note="" if own or named else "unseen by the centre",
    )
    made = Comment(comment_id, target.id, account, citizen.id, act.text, now, entry.seq, top)
    instagram.comments[comment_id] = made
    _tell_comment(instagram, made, target, now)
    return result(entry)


def _tell_comment(instagram: Instagram, made: Comment, target: Post, now: datetime) -> None:
    if instagram.is_own(target):
        value: Json = {
            "from": {"id": made.author.scoped_id, "username": made.author.username},
            "media": {"id": target.id, "media_product_type": "FEED"},
            "id": made.id,
            "text": made.text,
        }
        if made.parent:
            value["parent_id"] = made.parent
        instagram.change("comments", value, now, made.seq)
    elif instagram.names_me(made.text):
        instagram.change("mentions", {"media_id": target.id, "comment_id": made.id}, now, made.seq)


def edit(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A citizen rewrites a comment (nobody is told, the API just shows the new text) or a direct message."""
    entry = referred(instagram, act, "edit_of")
    citizen, _ = speak(instagram, act)
    instagram.ground.ledger.rewritten(entry.seq, act.text, now)
    made = instagram.comments.get(entry.key)
    rest = {
        "key": entry.key,
        "thread": entry.thread,
        "place": entry.place,
        "text": act.text,
        "step": act.step,
    }
    change = instagram.note(now, "edit", citizen, refers_to=entry.seq, addressed=False, **rest)
    if made is not None:
        instagram.comments[entry.key] = replace(made, text=act.text)
    elif entry.ids.get("media_id") in instagram.posts:
        post_id = entry.ids["media_id"]
        instagram.posts[post_id] = replace(instagram.posts[post_id], caption=act.text)
    else:
        edited: Json = {"mid": entry.key, "text": act.text, "num_edit": "1"}
        instagram.message(citizen, {"message_edit": edited}, now, change.seq)
    return result(change)


def delete(instagram: Instagram, act: Act, now: datetime) -> Result:
    """A comment or post disappears silently; a direct message is taken back, which is told."""
    entry = referred(instagram, act, "delete_of")
    instagram.ground.ledger.deleted(entry.seq, now)
    if entry.key in instagram.comments:
        instagram.comments[entry.key] = replace(instagram.comments[entry.key], deleted=True)
    elif entry.ids.get("media_id") in instagram.posts:
        post_id = entry.ids["media_id"]
        instagram.posts[post_id] = replace(instagram.posts[post_id], deleted=True)
    elif entry.citizen:
        citizen = instagram.ground.people.citizen(entry.citizen)
        gone: Json = {"mid": entry.key, "is_deleted": True}
        instagram.message(citizen, {"message": gone}, now)
    return result(entry)


def untag(instagram: Instagram, act: Act, _now: datetime) -> Result:
    """A citizen takes the tag off a post, which itself stays."""
    entry = referred(instagram, act, "of")
    post_id = entry.ids["media_id"]
    instagram.posts[post_id] = replace(instagram.posts[post_id], tagged=0)
    return result(entry)


def session(instagram: Instagram, act: Act, _now: datetime) -> Result:
    """The web session is ended (`log_out`) or works again (`log_in`); the tokens end (`expire_tokens`)."""
    if act.name == "expire_tokens":
        instagram.expire_tokens()
    else:
        instagram.logged_out = act.name == "log_out"
    return {"logged_out": instagram.logged_out}


ACTS: Mapping[str, Callable[[Instagram, Act, datetime], Result]] = {
    "tag": tag,
    "post": post,
    "comment": comment,
    "edit": edit,
    "delete": delete,
    "untag": untag,
    "log_out": session,
    "log_in": session,
    "expire_tokens": session,
}
