"""Text frames to messages and back. What is not a message of the protocol stops here, with a sentence.

Rules:
- A frame is at most MAX_MESSAGE_BYTES of UTF-8; JSON of RFC 8259: no NaN, no Infinity, nothing behind the value.
- Unknown fields and unknown types are refused; numbers beyond a field's range too.
"""

from __future__ import annotations

import msgspec

from consult.model.errors import Malformed
from consult.sessions.features.kinds import ClientMessage, ServerMessage
from consult.sessions.features.table import union_of
from consult.sessions.protocol import client_messages

MAX_MESSAGE_BYTES = 16 * 1024


class Peeked(msgspec.Struct, frozen=True):
    """What a frame says it is, before anything else of it is read.

    Attributes:
        type: of the message, "" where it says none.
        id: of a command.
    """

    type: str = ""
    id: str = ""


_peeker = msgspec.json.Decoder(Peeked)
_decoder: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(union_of(client_messages()))
_encoder = msgspec.json.Encoder()


def decode(frame: str | bytes) -> ClientMessage:
    """A frame of a page.

    Raises:
        Malformed: "too_large" or "malformed", with what is wrong and where.
    """
    data = frame.encode("utf-8", "surrogatepass") if isinstance(frame, str) else frame
    if len(data) > MAX_MESSAGE_BYTES:
        raise Malformed("too_large", f"A message has at most {MAX_MESSAGE_BYTES} bytes, this one has {len(data)}.")
    try:
        return _decoder.decode(data)
    except msgspec.ValidationError as error:
        raise Malformed("malformed", f"This is not a message of the protocol: {error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("malformed", "This is not JSON in UTF-8.") from None


def peek(frame: str) -> Peeked:
    """Type and id of a frame, read by skipping all the rest; empty where it is too large or no JSON object."""
    if len(frame) > MAX_MESSAGE_BYTES:
        return Peeked()
    try:
        return _peeker.decode(frame)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return Peeked()


def encode(message: ServerMessage) -> str:
    """A message for a page, as the text of one frame."""
    return _encoder.encode(message).decode()
