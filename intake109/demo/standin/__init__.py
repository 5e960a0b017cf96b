"""A stand-in for Telegram's Bot API, the WhatsApp Cloud API and Instagram, written from their documentation.

It knows nothing of the product and imports nothing of it; the product is pointed at it by addresses and tokens. Start
it with `python -m intake109.demo.standin --port 8110`, or in a test:

    with serve() as city:
        city.act(channel="telegram", act="message", citizen="asel", text="Абай 10, яма")
        … Bot(token=city.world.ground.centre.bot_token, base_url=f"{city.url}/bot") …
        assert city.ledger()[-1]["confirmed_at"]
"""

from intake109.demo.standin.act import UnknownActError
from intake109.demo.standin.app import create_app
from intake109.demo.standin.ground import Settings
from intake109.demo.standin.people import Centre, Chat, Citizen
from intake109.demo.standin.server import City, serve
from intake109.demo.standin.world import World

__all__ = ["Centre", "Chat", "Citizen", "City", "Settings", "UnknownActError", "World", "create_app", "serve"]
