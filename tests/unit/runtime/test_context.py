"""The services of a runner, and those that tests put in their place, have the methods that it calls."""

from __future__ import annotations

import inspect

import pytest

from consult.runtime.context import CallService, PictureService
from consult.streaming.router import PictureRouter
from consult.streaming.webrtc_calls import WebRtcCalls
from tests.support.consults import NoCalls, NoPictures


@pytest.mark.parametrize(
    ("asked", "has"),
    [(PictureService, PictureRouter), (PictureService, NoPictures), (CallService, WebRtcCalls), (CallService, NoCalls)],
)
def test_every_method_is_there_with_the_same_arguments(asked: type, has: type) -> None:
    methods = {name: method for name, method in vars(asked).items() if inspect.isfunction(method) and name[0] != "_"}
    assert methods
    for name, method in methods.items():
        assert inspect.signature(getattr(has, name)).parameters == inspect.signature(method).parameters, name
        assert inspect.iscoroutinefunction(getattr(has, name)) == inspect.iscoroutinefunction(method), name
