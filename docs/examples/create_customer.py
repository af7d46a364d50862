"""Creates one booking customer with Python's standard library. Run by this repository's tests.

Usage: python3 create_customer.py KEY

KEY is a UUID, another one for each customer. After a failure, run it again with the same KEY.
"""

import http.client
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ATTEMPTS = 10


def setting(name, pattern, default=None):
    """An environment variable. What is wrong with it is one line, without its value."""
    value = os.environ.get(name) or default
    if value is None:
        sys.exit(f"{name} is not set.")
    if not re.fullmatch(pattern, value):
        sys.exit(f"{name} is not valid.")
    return value


def create(customer, key):
    """Sends a create until it succeeds or is refused. The key lets it happen once."""
    base = setting("BOOKINGS_BASE_URL", r"https?://[^/\s]+(/\S*)?", "http://127.0.0.1:3000")
    business = setting("BOOKINGS_BUSINESS", r".+", "Contosolunchdelivery@contoso.onmicrosoft.com")
    token = setting("BOOKINGS_TOKEN", r"[\w.~+/-]+=*")
    segment = urllib.parse.quote(business, safe="")
    request = urllib.request.Request(
        f"{base}/v1.0/solutions/bookingBusinesses/{segment}/customers",
        data=json.dumps(customer).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        },
    )
    for attempt in range(1, ATTEMPTS + 1):
        wait_s = min(2 ** (attempt - 1), 16)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                body = error.read()
            code = code_of(body)
            if not may_repeat(error.code, code, body) or attempt == ATTEMPTS:
                sys.exit(f"{error.code} {code}, request-id {error.headers.get('request-id')}")
            retry_after = error.headers.get("Retry-After", "")
            wait_s = int(retry_after) if retry_after.isdigit() else wait_s
        except (OSError, http.client.HTTPException) as error:
            if attempt == ATTEMPTS:
                sys.exit(f"No answer: {error}")
        time.sleep(wait_s)


def may_repeat(status, code, body):
    if b"IdempotencyRecordDamaged" in body:
        return False  # Give the request-id to the operator of the proxy.
    return status in (429, 502, 503, 504) or code == "IdempotencyKeyInUse"


def code_of(body):
    try:
        return json.loads(body)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return "UnknownError"


if __name__ == "__main__":
    if len(sys.argv) != 2 or not re.fullmatch(r"[!-~]+", sys.argv[1]):
        sys.exit("Usage: python3 create_customer.py KEY")
    joni = {"displayName": "Joni Sherman", "emailAddress": "jonis@relecloud.com"}
    print(json.dumps(create(joni, sys.argv[1])))
