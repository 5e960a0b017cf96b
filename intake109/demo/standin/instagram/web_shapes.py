"""How www.instagram.com and i.instagram.com write profiles, posts and comments, old style and new.

Source: what instaloader 4.16 reads (`structures.py`, `instaloadercontext.py`).
"""

import json
from datetime import datetime

from intake109.demo.standin.asked import Json
from intake109.demo.standin.files import Stored
from intake109.demo.standin.instagram.state import Comment, Instagram, Post
from intake109.demo.standin.people import InstagramUser

_TYPES = {"IMAGE": ("GraphImage", 1), "VIDEO": ("GraphVideo", 2), "CAROUSEL_ALBUM": ("GraphSidecar", 8)}


def find(instagram: Instagram, username: str) -> InstagramUser | None:
    """Find an account by its name."""
    people = instagram.ground.people
    known = [instagram.me, *people.accounts.values()]
    known += [citizen.instagram for citizen in people.citizens.values() if citizen.instagram]
    return next((one for one in known if one.username.lower() == username.lower()), None)


def by_pk(instagram: Instagram, pk: str) -> InstagramUser | None:
    """Find an account by the web's id."""
    people = instagram.ground.people
    known = [instagram.me, *people.accounts.values()]
    known += [citizen.instagram for citizen in people.citizens.values() if citizen.instagram]
    return next((one for one in known if one.pk == pk), None)


def profile(instagram: Instagram, account: InstagramUser) -> Json:
    """Write a profile as the newer queries do."""
    own = account.pk == instagram.me.pk
    published = sum(1 for post in instagram.posts.values() if post.owner.pk == account.pk and not post.deleted)
    return {
        "pk": account.pk,
        "id": account.pk,
        "username": account.username,
        "full_name": instagram.ground.centre.name if own else account.username,
        "biography": "",
        "is_private": False,
        "is_verified": own,
        "is_business": own,
        "category": "Government" if own else None,
        "profile_pic_url": f"{instagram.ground.base_url}/static/avatar.svg",
        "external_url": None,
        "media_count": published,
        "all_media_count": published,
        "follower_count": 10_900,
        "following_count": 10,
        "friendship_status": {"following": False, "followed_by": False, "blocking": False},
    }


def page(instagram: Instagram, account: InstagramUser | None) -> str:
    """Write a page of the web: the tokens its scripts use, and the profile embedded in JSON, if it is one.

    The page's `id` of a profile is not the user's id, which is `pk`; instaloader knows.
    """
    tokens = (
        '["DTSGInitialData",[],{"token":"demo-fb-dtsg"},258],["LSD",[],{"token":"demo-lsd"},323]'
        ',{"IG_USER_EIMU":"178414000000109"}'
    )
    embedded = ""
    if account is not None:
        shown = {**profile(instagram, account), "id": account.scoped_id}
        posts = {"edges": [], "page_info": {"has_next_page": False, "end_cursor": None}}
        shown["polaris_ordered_timeline_connection"] = posts
        del shown["friendship_status"], shown["media_count"]
        result = {"result": {"data": {"xig_user_by_username": shown}}}
        script = json.dumps({"require": [["ScheduledServerJS", "handle", None, [{"__bbox": result}]]]})
        embedded = f'<script type="application/json" data-sjs>{script}</script>'
    return f"<!DOCTYPE html><html><head><script>{tokens}</script></head><body>{embedded}</body></html>"


def _caption(text: str) -> Json:
    return {"edges": [{"node": {"text": text}}] if text else []}


def _comments(instagram: Instagram, post: Post) -> int:
    return sum(1 for one in instagram.comments.values() if one.post == post.id and not one.deleted)


def legacy(instagram: Instagram, post: Post, now: datetime) -> Json:
    """Write a post as the old query of tagged posts does."""
    first = post.files[0]
    shown: Json = {
        "__typename": _TYPES[post.kind][0],
        "id": str(post.pk),
        "shortcode": post.shortcode,
        "dimensions": {"height": first.height, "width": first.width},
        "display_url": _still(instagram, first, now),
        "is_video": post.kind == "VIDEO",
        "taken_at_timestamp": int(post.taken_at.timestamp()),
        "edge_media_to_caption": _caption(post.caption),
        "edge_media_to_comment": {"count": _comments(instagram, post)},
        "edge_media_preview_like": {"count": post.pk % 40},
        "owner": {"id": post.owner.pk, "username": post.owner.username},
        "accessibility_caption": None,
        "location": None,
        "comments_disabled": False,
    }
    if post.kind == "VIDEO":
        shown |= {"video_url": instagram.link(first, now), "video_view_count": 7}
    if post.kind == "CAROUSEL_ALBUM":
        shown["edge_sidecar_to_children"] = {
            "edges": [{"node": _child(instagram, post, place, one, now)} for place, one in enumerate(post.files)]
        }
    return shown


def _child(instagram: Instagram, post: Post, place: int, stored: Stored, now: datetime) -> Json:
    video = stored.kind == "video"
    shown: Json = {
        "__typename": "GraphVideo" if video else "GraphImage",
        "shortcode": f"{post.shortcode}{place}",
        "is_video": video,
        "display_url": _still(instagram, stored, now),
    }
    return {**shown, "video_url": instagram.link(stored, now)} if video else shown


def _still(instagram: Instagram, stored: Stored, now: datetime) -> str:
    return instagram.link(stored, now) + ("&thumb=1" if stored.kind == "video" else "")


def polaris(instagram: Instagram, post: Post, now: datetime) -> Json:
    """Write a post as the newer queries and the phone's API do."""
    shown: Json = {
        **_frames(instagram, post.files[0], now),
        "pk": str(post.pk),
        "id": f"{post.pk}_{post.owner.pk}",
        "code": post.shortcode,
        "media_type": _TYPES[post.kind][1],
        "taken_at": int(post.taken_at.timestamp()),
        "has_liked": False,
        "caption": {"pk": "1", "text": post.caption, "created_at": int(post.taken_at.timestamp())},
        "like_count": post.pk % 40,
        "comment_count": _comments(instagram, post),
        "view_count": None,
        "play_count": None,
        "carousel_media": None,
        "user": person(post.owner),
        "location": None,
    }
    if post.tagged:
        shown["usertags"] = {"in": [{"user": person(instagram.me), "position": [0.5, 0.5]}]}
    if post.kind == "CAROUSEL_ALBUM":
        shown["carousel_media"] = [
            {**_frames(instagram, one, now), "media_type": 2 if one.kind == "video" else 1} for one in post.files
        ]
    return shown


def _frames(instagram: Instagram, stored: Stored, now: datetime) -> Json:
    size = {"width": stored.width, "height": stored.height}
    versions = [{"url": instagram.link(stored, now), "type": 101, **size}] if stored.kind == "video" else None
    shown: Json = {
        "image_versions2": {"candidates": [{"url": _still(instagram, stored, now), **size}]},
        "video_versions": versions,
    }
    return {**shown, "video_duration": float(stored.duration or 9)} if versions else shown


def person(account: InstagramUser) -> Json:
    """Write an account beside something it did."""
    return {
        "pk": account.pk,
        "username": account.username,
        "full_name": account.username,
        "is_private": False,
        "profile_pic_url": "",
    }


def legacy_comment(instagram: Instagram, post: Post, one: Comment) -> Json:
    """Write a comment with its answers as the old query does."""
    answers = instagram.under(post, one.id)
    edges = [{"node": _legacy_node(answer)} for answer in answers]
    return {**_legacy_node(one), "edge_threaded_comments": {"count": len(edges), "edges": edges}}


def _legacy_node(one: Comment) -> Json:
    return {
        "id": one.id,
        "text": one.text,
        "created_at": int(one.at.timestamp()),
        "owner": {"id": one.author.pk, "username": one.author.username, "is_verified": False},
        "edge_liked_by": {"count": 0},
    }


def phone_comment(instagram: Instagram, post: Post, one: Comment) -> Json:
    """Write a comment with its answers as the phone's API does."""
    answers = [_phone_node(answer) for answer in instagram.under(post, one.id)]
    return {**_phone_node(one), "child_comment_count": len(answers), "preview_child_comments": answers}


def _phone_node(one: Comment) -> Json:
    return {
        "pk": one.id,
        "text": one.text,
        "created_at": int(one.at.timestamp()),
        "comment_like_count": 0,
        "user": person(one.author),
    }
