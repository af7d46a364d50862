#!/bin/sh
# Creates one booking customer with curl 7.76 or later. Run by this repository's tests.
# Usage: sh create-customer.sh KEY
# KEY is a UUID, another one for each customer. After a failure, run it again with the same KEY.
set -eu

key=${1:?Usage: sh create-customer.sh KEY}
base=${BOOKINGS_BASE_URL:-http://127.0.0.1:3000}
business=${BOOKINGS_BUSINESS:-Contosolunchdelivery@contoso.onmicrosoft.com}

# curl repeats the request with the same key after 429 and 5xx, and waits as Retry-After says. After
# a lost connection it ends: run the script again. After 503 with IdempotencyRecordDamaged repeats are in
# vain: give the request-id to the operator of the proxy. The token comes through a pipe, because other users
# of the machine can read the command line.
curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused --max-time 60 \
  --header 'Content-Type: application/json' \
  --header "Idempotency-Key: $key" \
  --data '{"displayName":"Joni Sherman","emailAddress":"jonis@relecloud.com"}' \
  --config - "$base/v1.0/solutions/bookingBusinesses/$business/customers" <<END
header = "Authorization: Bearer ${BOOKINGS_TOKEN:?is not set}"
END
