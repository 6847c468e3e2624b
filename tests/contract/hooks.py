"""What OpenAPI cannot say. A request that would be valid but for this is put right before it is sent, so that every check
stays as strict as it is; what is not valid is left as it is.

* Two parameters must be in order, the lower end first.
* The numbers in a body are written in digits: JSON Schema takes 60.0 for an integer, and the Worker, which never rounds an
  amount of money, does not.
"""

from datetime import datetime, time, timedelta, timezone

import schemathesis

VIETNAM = timezone(timedelta(hours=7))

TIMES = [
    ("from", "to"),
    ("lastTransactionFrom", "lastTransactionTo"),
    ("transaction_date_min", "transaction_date_max"),
    ("last_transaction_date_min", "last_transaction_date_max"),
]

AMOUNTS = [("balanceMin", "balanceMax"), ("accumulated_min", "accumulated_max")]


def instant(text, of_date):
    if len(text) == 10:
        return datetime.combine(datetime.fromisoformat(text).date(), of_date, VIETNAM)
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=VIETNAM)


def are_reversed_times(low, high):
    return instant(low, time.min) > instant(high, time(23, 59, 59))


def are_reversed_amounts(low, high):
    return int(low) > int(high)


@schemathesis.hook
def before_call(context, case, kwargs):
    if isinstance(case.body, dict):
        case.body = {name: in_digits(value) for name, value in case.body.items()}
    if case.query:
        put_in_order(case.query)


def in_digits(value):
    return int(value) if isinstance(value, float) and value.is_integer() else value


def put_in_order(query):
    pairs = [(low, high, are_reversed_times) for low, high in TIMES]
    pairs += [(low, high, are_reversed_amounts) for low, high in AMOUNTS]
    for low, high, are_reversed in pairs:
        if low in query and high in query:
            try:
                if are_reversed(query[low], query[high]):
                    query[low], query[high] = query[high], query[low]
            except (TypeError, ValueError, OverflowError):
                pass  # One of the two is not valid, which is for the Worker to find out.
