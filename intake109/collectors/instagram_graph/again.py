"""Asking the Graph API for a post once more, for the links to its files have expired."""

from __future__ import annotations

from intake109.collectors.graph import GraphClient
from intake109.collectors.instagram_graph.keys import shortcode_of
from intake109.collectors.instagram_graph.posts import link_of
from intake109.collectors.instagram_graph.references import Way
from intake109.collectors.instagram_graph.tags import MEDIA_FIELDS, PAGE
from intake109.collectors.payload import dict_of, id_of, list_of, text_of
from intake109.errors import ChannelError, MediaError

_PAGES = 6
_FIELDS = "id,media_type,permalink,media_url,thumbnail_url,children{id,media_type,media_url,thumbnail_url}"
_GONE = "the link has expired and Instagram does not show the post again; open it by hand"


class PostAgain:
    """Finds a post the way it was found first, at last by its id (which works for our own posts)."""

    def __init__(self, graph: GraphClient, user_id: str) -> None:
        self._graph = graph
        self._user_id = user_id

    async def link(self, fields: dict[str, str]) -> str:
        """Return the present link to the file a reference points at.

        Raises:
            MediaError: permanent; Instagram does not show the post or the file any more.
            ChannelError: the platform could not be asked just now.
        """
        if not self._user_id:
            raise MediaError("the link has expired, and without the Graph API there is no new one", permanent=True)
        for ask in (self._the_same_way, self._by_id):
            post = await ask(fields)
            url = link_of(_part(post, fields.get("child", ""))) if post else ""
            if url:
                return url
        raise MediaError(_GONE, permanent=True)

    async def _the_same_way(self, fields: dict[str, str]) -> dict[str, object]:
        media, comment = fields.get("media", ""), fields.get("comment", "")
        match fields.get("way"):
            case Way.TAGS:
                return await self._in_tags(media, fields.get("shortcode", ""))
            case Way.MENTION if media.isalnum():
                answer = await self._get(self._user_id, f"mentioned_media.media_id({media}){{{_FIELDS}}}")
                return dict_of(answer.get("mentioned_media"))
            case Way.COMMENT if comment.isalnum():
                query = f"mentioned_comment.comment_id({comment}){{media{{{_FIELDS}}}}}"
                answer = await self._get(self._user_id, query)
                return dict_of(dict_of(answer.get("mentioned_comment")).get("media"))
        return {}

    async def _by_id(self, fields: dict[str, str]) -> dict[str, object]:
        media = fields.get("media", "")
        return await self._get(media, _FIELDS) if media.isalnum() else {}

    async def _in_tags(self, media: str, shortcode: str) -> dict[str, object]:
        after = ""
        for _ in range(_PAGES):
            parameters: dict[str, str | int] = {"fields": MEDIA_FIELDS, "limit": PAGE}
            answer = await self._graph.get(f"{self._user_id}/tags", parameters | ({"after": after} if after else {}))
            for post in map(dict_of, list_of(answer.get("data"))):
                is_it = bool(shortcode) and shortcode_of(text_of(post.get("permalink"))) == shortcode
                if is_it or (bool(media) and id_of(post.get("id")) == media):
                    return post
            following = id_of(dict_of(dict_of(answer.get("paging")).get("cursors")).get("after"))
            if not following or following == after:
                break
            after = following
        return {}

    async def _get(self, path: str, fields: str) -> dict[str, object]:
        """Ask; what the platform refuses for good is not there."""
        try:
            return await self._graph.get(path, {"fields": fields})
        except ChannelError as error:
            if error.permanent or error.code == "10":
                return {}
            raise


def _part(post: dict[str, object], child: str) -> dict[str, object]:
    """Return the part of an album by its id, or by its place where only instaloader has seen it (`#2`)."""
    children = [dict_of(one) for one in list_of(dict_of(post.get("children")).get("data"))]
    if not child or not children:
        return post
    place = child.removeprefix("#")
    if child.startswith("#"):
        return children[int(place)] if place.isascii() and place.isdigit() and int(place) < len(children) else {}
    return next((one for one in children if id_of(one.get("id")) == child), {})
