//! Masking once more, written the simple way: the judge of `sepay_worker::mask`.

/// Replaces by `null` the value of every member with one of these names, and copies everything else.
///
/// The text must be JSON; it goes as deep as the text, so that should be short.
pub fn masked_by_hand(json: &str, names: &[&str]) -> String {
    let mut copier = Copier { rest: json, names, out: String::new(), hidden: 0 };
    if json.starts_with('\u{feff}') {
        copier.take(3);
    }
    copier.value();
    copier.space();
    assert_eq!(copier.rest, "", "not one JSON text");
    copier.out
}

/// SePay's names of a field, by ours, as its pages have them.
pub fn sepays_names(ours: &str) -> &'static [&'static str] {
    match ours {
        "accountId" => &["bank_account_id"],
        "accountNumber" => &["account_number"],
        "amountIn" => &["amount_in"],
        "amountOut" => &["amount_out"],
        "balance" => &["accumulated"],
        "bank" => &["bank_short_name", "bank_brand_name"],
        "bankBin" => &["bank_bin"],
        "bankCode" => &["bank_code"],
        "bankName" => &["bank_full_name"],
        "code" => &["code"],
        "content" => &["transaction_content"],
        "createdAt" => &["created_at"],
        "holder" => &["account_holder_name"],
        "label" => &["label"],
        "lastTransactionAt" => &["last_transaction", "last_transaction_date"],
        "reference" => &["reference_number"],
        "subAccount" => &["sub_account"],
        _ => panic!("no such field: {ours}"),
    }
}

/// Every field that can be hidden, by our name.
pub const HIDEABLE: [&str; 17] = [
    "accountId",
    "accountNumber",
    "amountIn",
    "amountOut",
    "balance",
    "bank",
    "bankBin",
    "bankCode",
    "bankName",
    "code",
    "content",
    "createdAt",
    "holder",
    "label",
    "lastTransactionAt",
    "reference",
    "subAccount",
];

struct Copier<'a> {
    rest: &'a str,
    names: &'a [&'a str],
    out: String,
    /// In how many hidden values it is.
    hidden: usize,
}

impl<'a> Copier<'a> {
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        if self.hidden == 0 {
            self.out.push_str(taken);
        }
        taken
    }

    fn space(&mut self) {
        let behind = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.take(self.rest.len() - behind.len());
    }

    fn string(&mut self) -> &'a str {
        let mut is_escaped = true;
        let end = self.rest.bytes().position(|byte| {
            let is_end = byte == b'"' && !is_escaped;
            is_escaped = !is_escaped && byte == b'\\';
            is_end
        });
        // The first quote counts as escaped: it opens the string.
        self.take(end.expect("a closing quote") + 1)
    }

    fn value(&mut self) {
        self.space();
        match self.rest.bytes().next().expect("a value") {
            b'"' => _ = self.string(),
            b'{' => self.object(),
            b'[' => self.list(),
            _ => {
                let is_over = |c: char| c.is_ascii_whitespace() || ",]}".contains(c);
                self.take(self.rest.find(is_over).unwrap_or(self.rest.len()));
            }
        }
    }

    fn list(&mut self) {
        self.take(1);
        loop {
            self.space();
            match self.rest.bytes().next().expect("a bracket") {
                b']' => {
                    self.take(1);
                    return;
                }
                b',' => _ = self.take(1),
                _ => self.value(),
            }
        }
    }

    fn object(&mut self) {
        self.take(1);
        loop {
            self.space();
            match self.rest.bytes().next().expect("a brace") {
                b'}' => {
                    self.take(1);
                    return;
                }
                b',' => _ = self.take(1),
                _ => self.member(),
            }
        }
    }

    fn member(&mut self) {
        let name: String = serde_json::from_str(self.string()).expect("a name");
        self.space();
        assert_eq!(self.take(1).len() + usize::from(self.rest.is_empty()), 1, "a colon, a value");
        self.space();
        if !self.names.contains(&name.as_str()) {
            return self.value();
        }
        if self.hidden == 0 {
            self.out.push_str("null");
        }
        self.hidden += 1;
        self.value();
        self.hidden -= 1;
    }
}
