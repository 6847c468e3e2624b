"""Asks all six questions with the Python client `sepay` 0.1.0, which knows nothing of sepay-edge, and prints the answers
as one JSON object. Usage: drop_in.py BASE_URL EDGE_KEY TRANSACTION_ID ACCOUNT_ID"""

import json
import sys

import sepay.base
from sepay import SePay

base_url, edge_key, transaction_id, account_id = sys.argv[1:]
sepay.base.BaseRequest.BASE_URL = f"{base_url}/userapi/"
client = SePay(api_key=edge_key)

account = "0071000888888"
answers = {
    "accounts": [row.model_dump(mode="json") for row in client.bank_account.get_bank_accounts()],
    "vietcombank": [row.id for row in client.bank_account.get_bank_accounts({"short_name": "Vietcombank", "limit": "20"})],
    "account": client.bank_account.get_bank_account(account_id).model_dump(mode="json"),
    "account_count": client.bank_account.get_count({"accumulated_min": "1"}),
    "transactions": [
        row.model_dump(mode="json")
        for row in client.transaction.get_transactions(
            {"account_number": account, "transaction_date_min": "2026-11-01", "transaction_date_max": "2026-11-19"}
        )
    ],
    "newest": [row.id for row in client.transaction.get_transactions()],
    "transaction": client.transaction.get_transaction(transaction_id).model_dump(mode="json"),
    "transaction_count": client.transaction.get_count({"account_number": account, "amount_in": "2277000.00"}),
}
try:
    client.transaction.get_transaction("1")
except sepay.base.BaseRequest.RequestException as error:
    answers["unknown_status"] = error.status_code
json.dump(answers, sys.stdout)
