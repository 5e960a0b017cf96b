"""The real instaloader against the stand-in: its profile, its pages of tagged posts, and how it fails."""

import warnings
from collections.abc import Iterator

import instaloader
import pytest

from intake109.demo.standin import City
from intake109.demo.standin.readdress import point_at


class SleptError(Exception):
    """The library wanted to sleep."""


class Impatient(instaloader.RateController):
    """A rate controller that raises where the library's own sleeps for minutes."""

    def sleep(self, secs: float) -> None:
        """Refuse to."""
        raise SleptError(secs)


@pytest.fixture
def loader(city: City) -> Iterator[instaloader.Instaloader]:
    """A loader with a session, led to the city."""
    made = instaloader.Instaloader(
        quiet=True, sleep=False, max_connection_attempts=1, rate_controller=Impatient, iphone_support=False
    )
    point_at(made.context, city.url)
    pk = city.world.ground.centre.instagram_pk
    made.context.load_session("city109", {"sessionid": "demo", "csrftoken": "demo", "ds_user_id": pk})  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        # The library copies sessions without closing them.
        warnings.simplefilter("ignore", ResourceWarning)
        yield made
        made.close()  # type: ignore[no-untyped-call]


def tagged(loader: instaloader.Instaloader) -> list[instaloader.Post]:
    """List everything in which the centre is tagged."""
    profile = instaloader.Profile.from_username(loader.context, "city109")
    return list(profile.get_tagged_posts())


def tag(city: City, count: int) -> None:
    """Let citizens tag the centre."""
    for number in range(count):
        city.act(channel="instagram", act="tag", citizen=f"c{number}", text=f"яма {number} @city109")


def test_tagged_posts_come_newest_first_over_all_pages(city: City, loader: instaloader.Instaloader) -> None:
    tag(city, 26)

    posts = tagged(loader)

    assert [post.caption for post in posts[:2]] == ["яма 25 @city109", "яма 24 @city109"]
    assert len(posts) == 26
    assert posts[0].shortcode == city.ledger()[-1]["key"]
    assert posts[0].owner_username == "c25.demo"


def test_an_album_with_a_video_and_its_files_can_be_read(city: City, loader: instaloader.Instaloader) -> None:
    media = ["pothole", {"kind": "video"}]
    city.act(channel="instagram", act="tag", citizen="asel", text="яма", media=media)

    post = tagged(loader)[0]
    nodes = list(post.get_sidecar_nodes())

    assert post.typename == "GraphSidecar"
    assert [node.is_video for node in nodes] == [False, True]
    assert loader.context.get_raw(nodes[0].display_url).content[:2] == b"\xff\xd8"


def test_comments_with_answers_can_be_read(city: City, loader: instaloader.Instaloader) -> None:
    city.act(channel="instagram", act="tag", citizen="asel", text="яма", id="tag")
    city.act(channel="instagram", act="comment", citizen="bolat", under="tag", text="и у нас", id="first")
    city.act(channel="instagram", act="comment", citizen="dana", under="first", text="и у нас тоже")

    comments = list(tagged(loader)[0].get_comments())

    assert [comment.text for comment in comments] == ["и у нас"]
    assert [answer.text for answer in comments[0].answers] == ["и у нас тоже"]


def test_the_own_profile_is_found_by_the_session(city: City, loader: instaloader.Instaloader) -> None:
    own = instaloader.Profile.own_profile(loader.context)

    assert own.userid == int(city.world.ground.centre.instagram_pk)
    assert loader.test_login() == "city109"


def test_a_profile_that_is_not_there_does_not_exist(loader: instaloader.Instaloader) -> None:
    with pytest.raises(instaloader.exceptions.ProfileNotExistsException):
        instaloader.Profile.from_username(loader.context, "nobody")


@pytest.mark.parametrize(
    ("kind", "expected", "words"),
    [
        ("please_wait", instaloader.exceptions.ConnectionException, "Please wait a few minutes"),
        ("429", instaloader.exceptions.ConnectionException, "429"),
        ("checkpoint_required", instaloader.exceptions.AbortDownloadException, "checkpoint_required"),
        ("feedback_required", instaloader.exceptions.AbortDownloadException, "feedback_required"),
        ("logged_out", instaloader.exceptions.AbortDownloadException, "logged out"),
        ("fail", instaloader.exceptions.ConnectionException, "fail"),
        ("html", instaloader.exceptions.ConnectionException, "JSON Query"),
    ],
)
def test_each_way_of_failing_raises_what_the_library_makes_of_it(
    city: City, loader: instaloader.Instaloader, kind: str, expected: type[Exception], words: str
) -> None:
    city.act(channel="city", act="fault", target="instagram.web.tagged", kind=kind)

    with pytest.raises(expected, match=words):
        tagged(loader)


def test_a_429_makes_the_library_want_to_sleep_when_it_may_try_again(
    city: City, loader: instaloader.Instaloader
) -> None:
    loader.context.max_connection_attempts = 2
    city.act(channel="city", act="fault", target="instagram.web.tagged", kind="429")

    with pytest.raises(SleptError):
        tagged(loader)


def test_a_session_that_ended_is_sent_to_the_login_page(city: City, loader: instaloader.Instaloader) -> None:
    city.act(channel="instagram", act="log_out")

    with pytest.raises(instaloader.exceptions.AbortDownloadException, match="logged out"):
        tagged(loader)

    assert loader.test_login() is None


def test_a_link_to_a_picture_ends(city: City, loader: instaloader.Instaloader) -> None:
    tag(city, 1)
    url = tagged(loader)[0].url

    city.act(channel="city", act="expire_links")

    with pytest.raises(instaloader.exceptions.QueryReturnedForbiddenException):
        loader.context.get_raw(url)
