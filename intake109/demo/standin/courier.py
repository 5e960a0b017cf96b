"""The couriers: they push webhooks to the product, again and again, until it says 200.

One for each of the three platforms, so that a dead webhook of one does not delay the others.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx

from intake109.demo.standin.clock import Clock
from intake109.demo.standin.ground import Ground
from intake109.demo.standin.meta.mailbox import Mailbox, Parcel, Subscription, signature
from intake109.demo.standin.signal import Signal
from intake109.demo.standin.telegram.state import Telegram

_CHALLENGE = "1158201444"


class Courier:
    """Pushes for all platforms while `running`."""

    def __init__(self, ground: Ground, clock: Clock, signal: Signal) -> None:
        self._ground = ground
        self._clock = clock
        self._signal = signal
        self._made_client: httpx.AsyncClient | None = None

    @property
    def _client(self) -> httpx.AsyncClient:
        """The client, made when there is first somebody to push to: reading the certificates takes its time."""
        if self._made_client is None:
            self._made_client = httpx.AsyncClient(trust_env=False)
        return self._made_client

    @contextlib.asynccontextmanager
    async def running(self, telegram: Telegram, mailboxes: list[Mailbox]) -> AsyncIterator[None]:
        """Push until the end of the block."""
        tasks = [asyncio.create_task(self._serve_telegram(telegram))]
        tasks += [asyncio.create_task(self._serve(mailbox)) for mailbox in mailboxes]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._made_client is not None:
                await self._made_client.aclose()

    async def verify(self, mailbox: Mailbox, url: str, verify_token: str) -> bool:
        """Shake hands with a callback URL as Meta does, and subscribe it if it answers with the challenge."""
        query = {"hub.mode": "subscribe", "hub.challenge": _CHALLENGE, "hub.verify_token": verify_token}
        try:
            answer = await self._client.get(url, params=query, timeout=self._ground.settings.webhook_timeout)
        except httpx.HTTPError:
            return False
        if answer.status_code != httpx.codes.OK or answer.text.strip() != _CHALLENGE:
            return False
        with self._ground.changing():
            mailbox.subscription = Subscription(url, verify_token)
        return True

    async def _serve(self, mailbox: Mailbox) -> None:
        while True:
            with self._ground.lock:
                now = self._clock.now()
                parcel = mailbox.next(now)
                wait = mailbox.wait(now)
                url = mailbox.subscription.url if mailbox.subscription else ""
            if parcel is None:
                await self._signal.wait(wait)
                continue
            problem = await self._push(url, parcel)
            with self._ground.changing():
                mailbox.settle(parcel, problem, self._clock.now())

    async def _push(self, url: str, parcel: Parcel) -> str:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": signature(self._ground.centre.app_secret, parcel.body),
        }
        return await self._post(url, parcel.body, headers, accepted=(httpx.codes.OK,))

    async def _serve_telegram(self, telegram: Telegram) -> None:
        while True:
            with self._ground.lock:
                now = self._clock.now()
                telegram.expire(now)
                webhook = telegram.webhook
                waiting = telegram.queue.first(1) if webhook.url else ()
                pause = (webhook.due_at - now).total_seconds() if webhook.due_at else 0.0
                if waiting and pause <= 0:
                    telegram.hand_out(1, now)
            if not waiting or pause > 0:
                await self._signal.wait(pause if waiting else None)
                continue
            headers = {"Content-Type": "application/json"}
            if webhook.secret_token:
                headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
            body = json.dumps(waiting[0].as_json(), ensure_ascii=False).encode()
            problem = await self._post(webhook.url, body, headers, accepted=range(200, 300))
            with self._ground.changing():
                self._settle_telegram(telegram, waiting[0].update_id, problem)

    def _settle_telegram(self, telegram: Telegram, update_id: int, problem: str) -> None:
        now = self._clock.now()
        webhook = telegram.webhook
        if not problem:
            telegram.confirm(update_id + 1, now)
            webhook.attempt, webhook.due_at = 0, now
            return
        pauses = self._ground.settings.pauses
        webhook.last_error_at, webhook.last_error = now, problem
        webhook.due_at = now + timedelta(seconds=pauses[min(webhook.attempt, len(pauses) - 1)])
        webhook.attempt += 1

    async def _post(self, url: str, body: bytes, headers: dict[str, str], accepted: tuple[int, ...] | range) -> str:
        """Push once and say what was wrong, in Telegram's words; empty if it was accepted."""
        timeout = self._ground.settings.webhook_timeout
        try:
            answer = await self._client.post(url, content=body, headers=headers, timeout=timeout)
        except httpx.TimeoutException:
            return "Read timeout expired"
        except httpx.HTTPError:
            return "Connection refused"
        if answer.status_code in accepted:
            return ""
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
