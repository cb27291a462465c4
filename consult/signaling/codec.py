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


def encode(message: ServerMessage) -> str:
    """A message for a page, as the text of one frame."""
    return _encoder.encode(message).decode()
