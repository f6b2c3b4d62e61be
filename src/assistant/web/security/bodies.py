"""The bodies of requests: of a size that is allowed, and there in time."""

import asyncio

from starlette.exceptions import HTTPException

from assistant.web.security.headers import Message, Receive

SECONDS = 30.0  # for a whole body of a member, or for the next piece of an upload
TOO_LARGE = "The request is too large."
TOO_SLOW = "The request took too long to come."


async def whole(receive: Receive, limit: int) -> bytes:
    """Return a request's body.

    Raises HTTPException where it is larger than allowed, whatever its header says, or too slow.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return bytes(body)
                body += message.get("body", b"")
                if len(body) > limit:
                    raise HTTPException(413, TOO_LARGE)
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError as exc:
        raise HTTPException(408, TOO_SLOW) from exc


def limited(receive: Receive, limit: int) -> Receive:
    """Return a receiver that breaks off a body which is larger, or whose next piece is too slow."""
    received, is_whole = 0, False

    async def next_message() -> Message:
        nonlocal received, is_whole
        try:
            # What is heard once all is there is that the visitor left, whenever that may be.
            async with asyncio.timeout(None if is_whole else SECONDS):
                message = await receive()
        except TimeoutError as exc:
            raise HTTPException(408, TOO_SLOW) from exc
        received += len(message.get("body", b""))
        is_whole = not message.get("more_body")
        if received > limit:
            raise HTTPException(413, TOO_LARGE)
        return message

    return next_message


def again(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that hands out `body` first and then listens on."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return pending.pop() if pending else await receive()

    return next_message
