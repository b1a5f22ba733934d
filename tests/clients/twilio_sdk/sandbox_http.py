"""The SDK's HTTP client, pointed at another host."""

from twilio.http.http_client import TwilioHttpClient

TWILIO = "https://api.twilio.com"


class SandboxHttpClient(TwilioHttpClient):
    """Sends to `base_url` what the SDK would send to Twilio, and to nobody else."""

    def __init__(self, base_url):
        super().__init__(timeout=30)
        self.base_url = base_url.rstrip("/")

    def request(self, method, url, **rest):
        if not url.startswith(TWILIO + "/"):
            raise ValueError(f"the SDK asked for {url}, which is not Twilio's API")
        return super().request(method, self.base_url + url[len(TWILIO):], **rest)
