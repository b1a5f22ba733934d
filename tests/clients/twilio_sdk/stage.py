"""What every check needs: the client, a corner of the receiver, telephone numbers, and a tally."""

import itertools
import threading
import time
import uuid

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from sandbox_http import SandboxHttpClient

# The longest wait for something that must happen, in seconds of the wall.
PATIENCE = 90
# How often a resource is looked at while waiting for it to change.
GLANCE = 0.1

FINAL = {"completed", "busy", "failed", "no-answer", "canceled"}
PERSONAS = {
    "interested": "+81501002",
    "no-answer": "+81501019",
    "busy": "+81501018",
    "failed": "+81501020",
    "voicemail": "+81501010",
    "hangs-up": "+81501015",
    "agent": "+81701001",
    "manual": "+81509000",
}


class Tally:
    def __init__(self):
        self.lock = threading.Lock()
        self.passed = 0
        self.failures = []

    def add(self, name, good, what):
        with self.lock:
            if good:
                self.passed += 1
            else:
                self.failures.append(f"{name}: {what}")


class Stage:
    numbers = itertools.count(1)

    def __init__(self, name, settings, receiver, tally):
        self.name, self.settings, self.receiver, self.tally = name, settings, receiver, tally
        self.sender = settings.sender
        self.client = self.client_with(settings.token)

    def client_with(self, token):
        http = SandboxHttpClient(self.settings.base_url)
        return Client(self.settings.account, token, http_client=http)

    def number(self, persona):
        """A telephone that no other check rings, nor was rung before."""
        while True:
            number = f"{PERSONAS[persona]}{next(Stage.numbers):04d}"
            if not self.client.calls.list(to=number, limit=1):
                return number

    def room(self):
        """A room that nobody has been in."""
        return f"{self.name}-{uuid.uuid4().hex}"

    def url(self, path):
        return f"{self.receiver.url}/{self.name}/{path}"

    def answer(self, path, twiml):
        self.receiver.answer(f"/{self.name}/{path}", twiml)
        return self.url(path)

    def wait(self, path, wanted=lambda hook: True):
        hook = self.receiver.wait(f"/{self.name}/{path}", PATIENCE, wanted)
        if hook is None:
            raise AssertionError(f"no such webhook came to {path}")
        return hook

    def seen(self, path):
        return self.receiver.seen(f"/{self.name}/{path}")

    def expect(self, good, what):
        self.tally.add(self.name, bool(good), what)

    def equal(self, found, expected, what):
        self.expect(found == expected, f"{what}: expected {expected!r}, found {found!r}")

    def refused(self, status, code, act, what):
        try:
            act()
        except TwilioRestException as error:
            self.equal((error.status, error.code), (status, code), what)
        else:
            self.expect(False, f"{what}: was not refused")

    def until(self, look, wanted, what):
        """Looks again and again until it is as wanted."""
        end = time.monotonic() + PATIENCE
        while True:
            found = look()
            if wanted(found):
                return found
            if time.monotonic() > end:
                raise AssertionError(f"{what} never came to be")
            time.sleep(GLANCE)

    def status(self, sid, *wanted):
        """Waits until a call is in one of these states, or is over."""
        call = self.until(
            lambda: self.client.calls(sid).fetch(),
            lambda call: call.status in wanted or call.status in FINAL,
            f"call in {wanted}",
        )
        self.expect(call.status in wanted, f"the call should be in {wanted}, is {call.status}")
        return call

    def ring(self, persona, **parameters):
        return self.client.calls.create(to=self.number(persona), from_=self.sender, **parameters)
