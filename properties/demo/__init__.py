"""Two fictional agencies with four homes each, for a laptop. Passwords and tokens here open nothing but the demo."""

DEMO_PASSWORD = "openhouse-demo"  # noqa: S105
DEMO_OPERATOR = "operator@openhouse.example"
# By agency: fixed, so that the banner can print them again.
DEMO_API_TOKENS = {
    "harbour-hill": "oh_de300001_harbour-hill-demo-key-good-for-a-laptop-only",
    "kaikontor": "oh_de300002_kaikontor-demo-key-good-for-a-laptop-only",
}
DEMO_AGENCIES = tuple(DEMO_API_TOKENS)
# The home that the banner sends a newcomer to, by agency.
DEMO_HOMES = {"harbour-hill": "maple-house", "kaikontor": "quayside-loft"}
DEMO_QUESTION = "How many bedrooms does it have, and what is the HOA fee?"


def staff_email(agency: str, role: str) -> str:
    return f"{role}@{agency}.example"
