"""The web of Instagram as far as instaloader 4.16 asks for it: `/web/www.instagram.com/…`, `/web/i.instagram.com/…`.

See `readdress` for how the real library is led here. Fault targets: `instagram.web.page` (profile pages and tokens),
`.own`, `.profile`, `.tagged`, `.post`, `.comments`, `.info`, `.other`. Kinds: `please_wait` (401), `429`,
`checkpoint_required`, `challenge_required`, `feedback_required` (400), `logged_out` (to the login page), `fail`
(200 with status "fail"), `execution_error` (200 with errors), `html` (a page where JSON should be), or a status.
"""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from intake109.demo.standin import asked
from intake109.demo.standin.asked import Asked, Json
from intake109.demo.standin.clock import Clock
from intake109.demo.standin.faults import Fault, guarded
from intake109.demo.standin.instagram import shapes, web_shapes
from intake109.demo.standin.instagram.state import Instagram, Post

_LOGIN = "https://www.instagram.com/accounts/login/"
_WAIT: Json = {
    "message": "Please wait a few minutes before you try again.",
    "require_login": True,
    "igweb_rollout": True,
    "status": "fail",
}
_PAGE = 12
# The queries by the hashes and ids under which instaloader 4.16 knows them.
_OWN = "d6f4427fbe92d846298cf93df0b937d3"
_TAGGED = "e31a871f7301132ceaab56507a66bbb7"
_COMMENTS = "97b41c52301f77ce508f55e66d17620e"
_PROFILE = "27937681195819736"
_POST = "27128499623469141"
_TIMELINE = "29104886249145907"
_QUERIES: Mapping[str, str] = {
    _OWN: "own",
    _TAGGED: "tagged",
    _COMMENTS: "comments",
    _PROFILE: "profile",
    _POST: "post",
    _TIMELINE: "timeline",
}


class Web:
    """The routes of the web."""

    def __init__(self, instagram: Instagram, clock: Clock) -> None:
        self._instagram = instagram
        self._clock = clock

    def routes(self) -> list[Route]:
        """Give the routes to mount."""
        return [Route("/web/{host}/{path:path}", self.call, methods=["GET", "POST", "HEAD"])]

    async def call(self, request: Request) -> Response:
        """Answer one request of the library."""
        given = await asked.read(request)
        path = request.path_params["path"].strip("/")
        query = _QUERIES.get(given.text("query_hash") or given.text("doc_id"), "other")
        what = query if "graphql" in path else self._what(path)

        async def respond() -> Response:
            with self._instagram.ground.lock:
                return self._respond(request, path, what, given)

        return await guarded(self._instagram.ground.faults, f"instagram.web.{what}", respond, refuse)

    @staticmethod
    def _what(path: str) -> str:
        if path.startswith("api/v1/media/"):
            return "comments" if "comments" in path else "info"
        if path.startswith("api/") or path.startswith("web/"):
            return "other"
        return "page"

    def _respond(self, request: Request, path: str, what: str, given: Asked) -> Response:
        logged_in = _has_session(request) and not self._instagram.logged_out
        if what == "page":
            return self._page(path)
        if what == "own":
            me = web_shapes.profile(self._instagram, self._instagram.me) if logged_in else None
            return JSONResponse({"data": {"user": me}, "status": "ok"})
        if what == "other":
            return self._other(path, given)
        if not logged_in:
            # With cookies that no longer hold one is sent to the login page, without any one is told to wait.
            return refuse(Fault(0, "", "logged_out" if _has_session(request) else "please_wait"))
        if what in {"info", "comments"} and path.startswith("api/v1/media/"):
            return self._of_phone(path, given)
        variables = Asked(dict(given.part("variables").values))
        answers: Mapping[str, Callable[[Asked], Json]] = {
            "tagged": self._tagged,
            "profile": self._profile,
            "post": self._post,
            "comments": self._comments,
            "timeline": self._timeline,
        }
        return JSONResponse({"data": answers[what](variables), "status": "ok"})

    def _page(self, path: str) -> Response:
        account = web_shapes.find(self._instagram, path) if path else None
        if path and account is None:
            return Response("<html>Page not found</html>", 404, media_type="text/html")
        answer = Response(web_shapes.page(self._instagram, account), media_type="text/html")
        answer.set_cookie("csrftoken", "demo-csrf-token", domain=".instagram.com")
        return answer

    def _other(self, path: str, given: Asked) -> Response:
        if path == "api/v1/users/web_profile_info":
            account = web_shapes.find(self._instagram, given.text("username"))
            shown = web_shapes.profile(self._instagram, account) if account else None
            return JSONResponse({"data": {"user": shown}, "status": "ok"})
        if path == "web/search/topsearch":
            account = web_shapes.find(self._instagram, given.text("query"))
            users = [{"user": web_shapes.person(account)}] if account else []
            return JSONResponse({"users": users, "places": [], "hashtags": [], "status": "ok"})
        return JSONResponse({"message": "Not Found", "status": "fail"}, 404)

    def _tagged(self, variables: Asked) -> Json:
        """Page through tagged posts as the old query does: newest tag first, 12 at a time, an opaque end cursor."""
        posts = self._instagram.tagging() if variables.text("id") == self._instagram.me.pk else []
        after = variables.text("after")
        top = shapes.order_of(after) if after else None
        rest = [post for post in posts if top is None or post.tagged < top]
        shown = rest[: min(variables.integer("first", _PAGE), 50)]
        now = self._clock.now()
        for post in shown:
            self._instagram.ground.ledger.delivered(post.seq, now)
        more = len(rest) > len(shown)
        info = {"has_next_page": more, "end_cursor": shapes.cursor(shown[-1].tagged) if more else None}
        edges = [{"node": web_shapes.legacy(self._instagram, post, now)} for post in shown]
        return {"user": {"edge_user_to_photos_of_you": {"count": len(posts), "page_info": info, "edges": edges}}}

    def _profile(self, variables: Asked) -> Json:
        account = web_shapes.by_pk(self._instagram, variables.text("id"))
        return {"user": web_shapes.profile(self._instagram, account) if account else None}

    def _post(self, variables: Asked) -> Json:
        post = self._by_shortcode(variables.text("shortcode"))
        items = [web_shapes.polaris(self._instagram, post, self._clock.now())] if post else []
        return {"xdt_api__v1__media__shortcode__web_info": {"items": items}}

    def _comments(self, variables: Asked) -> Json:
        post = self._by_shortcode(variables.text("shortcode"))
        listed = self._instagram.under(post) if post else []
        edges = [{"node": web_shapes.legacy_comment(self._instagram, post, one)} for one in listed] if post else []
        info = {"has_next_page": False, "end_cursor": None}
        return {
            "shortcode_media": {
                "edge_media_to_parent_comment": {"count": len(edges), "page_info": info, "edges": edges}
            }
        }

    def _timeline(self, variables: Asked) -> Json:
        now = self._clock.now()
        name = variables.text("username").lower()
        posts = [one for one in self._instagram.posts.values() if one.owner.username.lower() == name]
        shown = [post for post in reversed(posts) if not post.deleted]
        edges = [{"node": web_shapes.polaris(self._instagram, post, now)} for post in shown]
        info = {"has_next_page": False, "end_cursor": None}
        return {"xdt_api__v1__feed__user_timeline_graphql_connection": {"edges": edges, "page_info": info}}

    def _by_shortcode(self, shortcode: str) -> Post | None:
        posts = self._instagram.posts.values()
        return next((one for one in posts if one.shortcode == shortcode and not one.deleted), None)

    def _of_phone(self, path: str, _given: Asked) -> Response:
        pk = path.split("/")[3]
        posts = self._instagram.posts.values()
        post = next((one for one in posts if str(one.pk) == pk and not one.deleted), None)
        if post is None:
            return JSONResponse({"message": "Media not found or unavailable", "status": "fail"}, 404)
        if path.endswith("info"):
            items = [web_shapes.polaris(self._instagram, post, self._clock.now())]
            return JSONResponse({"items": items, "num_results": 1, "status": "ok"})
        listed = self._instagram.under(post)
        comments = [web_shapes.phone_comment(self._instagram, post, one) for one in listed]
        return JSONResponse({"comments": comments, "comment_count": len(comments), "status": "ok"})


def _has_session(request: Request) -> bool:
    bearer = request.headers.get("authorization", "")
    return bool(request.cookies.get("sessionid")) or bearer.startswith("Bearer IGT:2:")


def refuse(fault: Fault) -> Response:
    """Refuse as Instagram's web does."""
    if fault.kind == "logged_out":
        return RedirectResponse(_LOGIN, 302)
    if fault.kind == "html":
        return Response("<!DOCTYPE html><html><body>Login • Instagram</body></html>", media_type="text/html")
    challenge = {"checkpoint_url": "https://www.instagram.com/challenge/?next=/", "lock": False, "status": "fail"}
    answers: Mapping[str, tuple[int, Json]] = {
        "please_wait": (401, _WAIT),
        "401": (401, _WAIT),
        "429": (429, _WAIT),
        "rate": (429, _WAIT),
        **{
            kind: (400, {"message": kind, **challenge})
            for kind in ("checkpoint_required", "challenge_required", "feedback_required")
        },
        "fail": (200, {"message": fault.body, "status": "fail"}),
        "execution_error": (200, {"errors": [{"message": "execution error"}], "data": None, "status": "ok"}),
    }
    status = int(fault.kind) if fault.kind.isdigit() else 500
    status, body = answers.get(fault.kind, (status, {"message": fault.body, "status": "fail"}))
    return JSONResponse(body, status)
