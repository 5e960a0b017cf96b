"""What the centre asks of Instagram through the Graph API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from intake109.demo.standin.asked import Json
from intake109.demo.standin.instagram import shapes
from intake109.demo.standin.instagram.direct import send
from intake109.demo.standin.instagram.state import Comment, Instagram, Post
from intake109.demo.standin.meta import errors
from intake109.demo.standin.meta.call import Call
from intake109.demo.standin.meta.errors import GraphError
from intake109.demo.standin.meta.fields import Field, parse

_PAGE = 25
_LARGEST_PAGE = 100
_TEXT_LIMIT = 2200


def answer(instagram: Instagram, call: Call) -> Json | None:
    """Answer a Graph call if it is about Instagram, else None.

    Raises:
        GraphError: it is, and is refused.
    """
    if call.node in {instagram.me.scoped_id, "me"}:
        return _of_account(instagram, call)
    if call.node in instagram.posts:
        return _of_post(instagram, call)
    if call.node in instagram.comments:
        return _of_comment(instagram, call)
    citizen = instagram.by_scoped_id(call.node)
    if citizen is None or (call.method, call.edge) != ("GET", ""):
        return None
    if citizen.id not in instagram.last_heard or citizen.instagram is None:
        raise GraphError(errors.Refusal(403, 230, "(#230) User consent is required to access user profile"))
    return {
        "id": call.node,
        "name": citizen.name,
        "username": citizen.instagram.username,
        "is_user_follow_business": False,
        "is_verified_user": False,
    }


def _of_account(instagram: Instagram, call: Call) -> Json | None:
    routes: Mapping[tuple[str, str], Callable[[Instagram, Call], Json]] = {
        ("GET", ""): account,
        ("GET", "tags"): tags,
        ("GET", "media"): own_media,
        ("POST", "mentions"): answer_mention,
        ("POST", "messages"): send,
        ("GET", "subscribed_apps"): subscribed,
        ("POST", "subscribed_apps"): subscribe,
        ("DELETE", "subscribed_apps"): unsubscribe,
    }
    handler = routes.get((call.method, call.edge))
    return handler(instagram, call) if handler else None


def account(instagram: Instagram, call: Call) -> Json:
    """Describe the centre's account, or what mentions it (`mentioned_media`, `mentioned_comment`)."""
    plain: Json = {
        "id": instagram.me.scoped_id,
        "user_id": instagram.me.scoped_id,
        "username": instagram.me.username,
        "name": instagram.ground.centre.name,
        "account_type": "BUSINESS",
        "media_count": sum(1 for post in instagram.posts.values() if instagram.is_own(post) and not post.deleted),
        "followers_count": 10_900,
    }
    shown: Json = {}
    for field in parse(call.asked.text("fields", "id")):
        if field.name == "mentioned_media":
            post = _mentioning(instagram, field.arguments.get("media_id", ""))
            shown[field.name] = shapes.media(instagram, post, field.inner, call.now)
        elif field.name == "mentioned_comment":
            comment = _naming(instagram, field.arguments.get("comment_id", ""))
            shown[field.name] = shapes.comment(instagram, comment, field.inner, call.now)
        elif field.name in plain:
            shown[field.name] = plain[field.name]
        else:
            raise errors.parameter(f"Tried accessing nonexisting field ({field.name}) on node type (IGUser)")
    return {**shown, "id": instagram.me.scoped_id}


def _mentioning(instagram: Instagram, post_id: str) -> Post:
    """Find a post by somebody else that names the centre; a comment that does opens its post too."""
    post = instagram.post(post_id)
    named = post is not None and (
        instagram.names_me(post.caption)
        or any(instagram.names_me(one.text) for one in instagram.comments.values() if one.post == post_id)
    )
    if post is None or not named or instagram.is_own(post):
        raise GraphError(errors.missing(post_id))
    return post


def _naming(instagram: Instagram, comment_id: str) -> Comment:
    comment = instagram.comment(comment_id)
    if comment is None or not instagram.names_me(comment.text):
        raise GraphError(errors.missing(comment_id))
    return comment


def tags(instagram: Instagram, call: Call) -> Json:
    """List the posts in which the centre is tagged, newest tag first.

    There are cursors and no `next` link: whoever wants the next page builds `after` himself.
    """
    posts = instagram.tagging()
    page, paging = _page(posts, [post.tagged for post in posts], call)
    fields = parse(call.asked.text("fields", "id"))
    for post in page:
        instagram.ground.ledger.delivered(post.seq, call.now)
    return {"data": [shapes.media(instagram, post, fields, call.now) for post in page], **paging}


def own_media(instagram: Instagram, call: Call) -> Json:
    """List the centre's own posts, newest first."""
    posts = [post for post in instagram.posts.values() if instagram.is_own(post) and not post.deleted][::-1]
    page, paging = _page(posts, [post.seq for post in posts], call)
    fields = parse(call.asked.text("fields", "id"))
    return {"data": [shapes.media(instagram, post, fields, call.now) for post in page], **paging}


def _page(posts: Sequence[Post], orders: Sequence[int], call: Call) -> tuple[list[Post], Json]:
    """Cut a page out of a falling list: `after` is the order of the last one seen, so new items move nothing."""
    limit = min(max(call.asked.integer("limit", _PAGE), 1), _LARGEST_PAGE)
    after = call.asked.text("after")
    top = shapes.order_of(after) if after else None
    rest = [place for place, order in enumerate(orders) if top is None or order < top][:limit]
    if not rest:
        return [], {"paging": {"cursors": {"before": after, "after": after}}} if after else {}
    first, last = orders[rest[0]], orders[rest[-1]]
    cursors = {"before": shapes.cursor(first), "after": shapes.cursor(last)}
    return [posts[place] for place in rest], {"paging": {"cursors": cursors}}


def _of_post(instagram: Instagram, call: Call) -> Json | None:
    post = instagram.post(call.node)
    if post is None or not instagram.is_own(post):
        # Media of others can be read through the account (`tags`, `mentioned_media`) only.
        raise GraphError(errors.missing(call.node))
    fields = parse(call.asked.text("fields", "id" if not call.edge else "id,text,timestamp"))
    if (call.method, call.edge) == ("GET", ""):
        return shapes.media(instagram, post, fields, call.now)
    if (call.method, call.edge) == ("GET", "comments"):
        return _listed(instagram, instagram.under(post), fields, call)
    if (call.method, call.edge) == ("POST", "comments"):
        return _write(instagram, call, post, None)
    return None


def _of_comment(instagram: Instagram, call: Call) -> Json | None:
    comment = instagram.comment(call.node)
    post = instagram.post(comment.post) if comment else None
    if comment is None or post is None or not instagram.is_own(post):
        raise GraphError(errors.missing(call.node))
    fields = parse(call.asked.text("fields", "id,text,timestamp"))
    match call.method, call.edge:
        case "GET", "":
            return shapes.comment(instagram, comment, fields, call.now)
        case "GET", "replies":
            return _listed(instagram, instagram.under(post, comment.id), fields, call)
        case "POST", "replies":
            return _write(instagram, call, post, comment)
        case "POST", "":
            instagram.comments[comment.id] = replace(comment, hidden=call.asked.flag("hide"))
            return {"success": True}
        case "DELETE", "":
            instagram.comments[comment.id] = replace(comment, deleted=True)
            instagram.ground.ledger.deleted(comment.seq, call.now)
            return {"success": True}
    return None


def _listed(instagram: Instagram, found: list[Comment], fields: Sequence[Field], call: Call) -> Json:
    limit = min(max(call.asked.integer("limit", _PAGE), 1), 50)
    after = call.asked.text("after")
    top = shapes.order_of(after) if after else None
    rest = [one for one in found if top is None or one.seq < top]
    page = rest[:limit]
    for one in page:
        instagram.ground.ledger.delivered(one.seq, call.now)
    shown: Json = {"data": [shapes.comment(instagram, one, fields, call.now) for one in page]}
    if len(rest) > limit:
        cursor = shapes.cursor(page[-1].seq)
        base = f"{instagram.ground.base_url}/graph/{call.node}/{call.edge}?after={cursor}&limit={limit}"
        shown["paging"] = {"cursors": {"after": cursor}, "next": base}
    return shown


def answer_mention(instagram: Instagram, call: Call) -> Json:
    """Answer a mention by a comment: under the post whose caption names the centre, or to such a comment."""
    post = _mentioning(instagram, call.asked.text("media_id"))
    comment_id = call.asked.text("comment_id")
    comment = _naming(instagram, comment_id) if comment_id else None
    if comment is None and not instagram.names_me(post.caption):
        raise GraphError(errors.missing(post.id))
    return _write(instagram, call, post, comment)


def _write(instagram: Instagram, call: Call, post: Post, above: Comment | None) -> Json:
    text = call.asked.text("message")
    if not text.strip():
        raise errors.parameter("The parameter message is required")
    if len(text) > _TEXT_LIMIT:
        raise errors.parameter("The comment is too long")
    comment_id = str(17_894_000_000_000_000 + instagram.ground.next("ig:comment"))
    entry = instagram.ground.write(
        call.now,
        "to_citizen",
        "instagram",
        call.edge,
        citizen=above.citizen if above else post.citizen,
        key=comment_id,
        thread=post.shortcode,
        place=f"@{post.owner.username}",
        text=text,
        refers_to=above.seq if above else post.seq,
        ticks="sent",
        ids={"comment_id": comment_id, "media_id": post.id},
    )
    parent = (above.parent or above.id) if above else None
    made = Comment(comment_id, post.id, instagram.me, None, text, call.now, entry.seq, parent)
    instagram.comments[comment_id] = made
    return {"id": comment_id}


def subscribed(instagram: Instagram, _call: Call) -> Json:
    """Say what the app is told of; empty after Meta disabled it for too many failures."""
    if not instagram.fields:
        return {"data": []}
    app = {"id": instagram.ground.centre.app_id, "name": "demo city", "link": "https://example.org/"}
    return {"data": [{**app, "subscribed_fields": list(instagram.fields)}]}


def subscribe(instagram: Instagram, call: Call) -> Json:
    """Ask to be told of these fields, and of no others."""
    names = call.asked.items("subscribed_fields") or call.asked.text("subscribed_fields").split(",")
    instagram.fields = [str(name).strip() for name in names if str(name).strip()]
    if not instagram.fields:
        raise errors.parameter("The parameter subscribed_fields is required")
    return {"success": True}


def unsubscribe(instagram: Instagram, _call: Call) -> Json:
    """Ask to be told of nothing."""
    instagram.fields = []
    return {"success": True}
