"""What the formats of ours look like, for Schemathesis."""

import schemathesis
from hypothesis import strategies as st

FORMATS = {
    "phone": ["+81312345678", "03-1234-5678", "090-1234-5678", "+12125550123"],
    "iana-timezone": ["Asia/Tokyo", "America/New_York", "UTC", "Europe/Berlin"],
    "day-or-time": ["2026-11-22", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000+09:00"],
    "new-password": ["kT8 vQ2-zR5_wY1.", "もみじの葉が七枚おちた", "violet-otter-climbs-9-stairs"],
}
for name, examples in FORMATS.items():
    schemathesis.openapi.format(name, st.sampled_from(examples))
