"""Where the sandbox's webhooks arrive: checks each one's signature, remembers it, and answers it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator


class Form(dict):
    """A form whose keys may repeat, in the shape that the SDK's validator knows."""

    def __init__(self, body):
        super().__init__()
        self.pairs = parse_qsl(body, keep_blank_values=True, encoding="utf-8")
        for key, value in self.pairs:
            self.setdefault(key, value)

    def getlist(self, key):
        return [value for known, value in self.pairs if known == key]


class Hook:
    """One webhook as it arrived."""

    def __init__(self, path, form, headers, valid):
        self.path, self.form, self.headers, self.valid = path, form, headers, valid

    def __getitem__(self, key):
        return self.form.get(key)


class Receiver:
    """An HTTP server on the loopback, shared by all checks; each has its own first path segment."""

    def __init__(self, token):
        self.validator = RequestValidator(token)
        self.hooks = []
        self.answers = {}
        self.changed = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                receiver.receive(self, self.rfile.read(length).decode("utf-8"))

            def do_GET(self):
                receiver.receive(self, "")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, twiml):
        """What is answered at a path: TwiML, or a function from the webhook to TwiML. Nothing: 204."""
        self.answers[path] = twiml

    def receive(self, request, body):
        form = Form(body)
        valid = self.validator.validate(
            f"http://{request.headers.get('Host')}{request.path}",
            form,
            request.headers.get("X-Twilio-Signature", ""),
        )
        path = urlsplit(request.path).path
        hook = Hook(path, form, request.headers, valid)
        with self.changed:
            self.hooks.append(hook)
            self.changed.notify_all()
        answer = self.answers.get(path)
        text = str(answer(hook) if callable(answer) else answer or "").encode("utf-8")
        request.send_response(200 if text else 204)
        if text:
            request.send_header("Content-Type", "text/xml; charset=utf-8")
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def seen(self, path):
        with self.changed:
            return [hook for hook in self.hooks if hook.path == path]

    def wait(self, path, timeout, wanted=lambda hook: True):
        """The first webhook at a path that is wanted; None if it does not come in time."""

        def find():
            return next((hook for hook in self.hooks if hook.path == path and wanted(hook)), None)

        with self.changed:
            self.changed.wait_for(lambda: find() is not None, timeout)
            return find()
