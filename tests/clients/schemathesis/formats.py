"""What the formats of ours look like, for Schemathesis."""

import schemathesis
from hypothesis import strategies as st

schemathesis.openapi.format("phone", st.sampled_from(["+81312345678", "03-1234-5678", "090-1234-5678", "+12125550123"]))
schemathesis.openapi.format("iana-timezone", st.sampled_from(["Asia/Tokyo", "America/New_York", "UTC", "Europe/Berlin"]))
