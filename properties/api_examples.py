"""What an answer looks like, for the API's description."""

from drf_spectacular.utils import OpenApiExample

FACTS = OpenApiExample(
    "The price of a home",
    value={
        "locale": "en-US",
        "identity": "Single-family residence in Portland, Oregon, active",
        "facts": [
            {
                "key": "list_price",
                "label": "Price",
                "value": "649000.00",
                "unit": "USD",
                "written": "$649,000",
                "spoken": "six hundred forty-nine thousand dollars",
                "source": "listing",
                "as_of": "2026-11-25",
                "dated": "",
                "dated_spoken": "",
                "group": "price",
                "voice": "core",
            }
        ],
        "not_stated": [{"key": "association_fee", "label": "HOA fee"}],
    },
    response_only=True,
)
KNOWLEDGE = OpenApiExample(
    "One entry",
    value={
        "results": [
            {
                "key": "how-old-is-the-roof",
                "category": "building",
                "question": "How old is the roof?",
                "answer": "The roof was renewed in 2019.",
                "source": "inspection",
                "source_note": None,
                "as_of": "2026-09-14",
                "valid_until": None,
                "locale": "en-US",
                "room": None,
            }
        ]
    },
    response_only=True,
)
