//! What a wrong name was meant to be: names met elsewhere by a table, other names by likeness.
//!
//! It only tells: a wrong name is refused whatever is found here, and nothing is guessed in the caller's place.

use crate::params::{MAX_ECHO_CHARS, Name, Spelling};

/// How alike two names must be, as Jaro and Winkler measure it, for one to be offered for the other.
const LIKE: f64 = 0.8;

/// Names that belong to another interface or to none.
struct Elsewhere {
    /// The names in lower case without `_` and `-`: `perpage` stands for `per_page`, `perPage` and `--per-page`.
    names: &'static [&'static str],
    /// Only questions that take this parameter of ours give this hint.
    takes: &'static str,
    /// What to say; parameters in braces by our name, which is then written in the caller's spelling.
    hint: &'static str,
}

const fn met(takes: &'static str, hint: &'static str, names: &'static [&'static str]) -> Elsewhere {
    Elsewhere { names, takes, hint }
}

/// From SePay's API v2, OAuth2 API, webhooks, command line and QR addresses, and from other APIs. The first row that has
/// the name and fits the question counts: `account` marks transactions, `bank` accounts, `id` one record.
static ELSEWHERE: &[Elsewhere] = &[
    met("from", "did you mean {from}?", FROM),
    met("to", "did you mean {to}?", TO),
    met("bank", "did you mean {lastTransactionFrom}?", FROM),
    met("bank", "did you mean {lastTransactionTo}?", TO),
    met("limit", "did you mean {limit}?", &["perpage", "pagesize", "size", "take", "top"]),
    met("account", "API v1 has no pages: use {sinceId}, or narrow {from} and {to}", PAGES),
    met("bank", "API v1 has no pages: use {sinceId}", PAGES),
    met("sinceId", "did you mean {sinceId}?", &["afterid", "fromid", "lastid", "minid"]),
    met("account", "did you mean {account}? it is the account's number, not its id", ACCOUNT_IDS),
    met("id", "did you mean {id}?", ACCOUNT_IDS),
    met("id", "did you mean {id}?", IDS),
    met("account", "did you mean {account}?", ACCOUNT_NUMBERS),
    met("bank", "API v1 has no such filter: read each row's account number", ACCOUNT_NUMBERS),
    met("bank", "did you mean {bank}?", BANKS),
    met("account", "API v1 has no such filter: use {account}, or read each row's bank", BANKS),
    met("account", "API v1 has no such filter: read each row's sub-account", SUB_ACCOUNTS),
    met("amountIn", "API v1 knows exact amounts only: {amountIn}", AMOUNTS_IN),
    met("amountOut", "API v1 knows exact amounts only: {amountOut}", AMOUNTS_OUT),
    met("amountIn", "did you mean {amountIn}?", &["amount", "transferamount"]),
    met("bank", "did you mean {balanceMin} or {balanceMax}?", &["accumulated", "balance"]),
    met(
        "account",
        "API v1 has no such filter: use {amountIn} for an exact amount, or read each row's direction",
        &["direction", "transactiontype", "transfertype", "type"],
    ),
    met("reference", "did you mean {reference}?", &["ref", "refno", "referencecode"]),
    met("account", "API v1 has no search: read each row's content and code", TEXTS),
    met("bank", "API v1 has no search: read the rows", &["keyword", "q", "query", "search"]),
    met("sinceId", "API v1 has no order to choose: sort the rows", SORTS),
    met("sinceId", "one record is asked for by its id alone; for later rows use {sinceId}", IDS),
];

/// What others call the parts of a code to pay with, first of all `qr.sepay.vn` and VietQR.io.
static OF_CODES: &[Elsewhere] = &[
    met("content", "did you mean {account}? it is the account's number, not its id", ACCOUNT_IDS),
    met("content", "did you mean {account}?", ACCOUNT_NUMBERS),
    met("content", "did you mean {bank}?", &["acqid", "bankbin", "bankid", "bin"]),
    met("content", "did you mean {bank}?", BANKS),
    met("content", "did you mean {content}?", CONTENTS),
    met("content", "no picture is made here: draw the payload", PICTURES),
];

const CONTENTS: &[&str] = &[
    "addinfo",
    "code",
    "des",
    "description",
    "memo",
    "message",
    "note",
    "purpose",
    "transactioncontent",
];
const PICTURES: &[&str] = &["download", "format", "size", "template", "theme"];
const FROM: &[&str] = &[
    "datefrom",
    "datemin",
    "from",
    "fromdate",
    "lasttransactionfrom",
    "start",
    "startdate",
    "transactiondatefrom",
    "transactiondatemin",
];
const TO: &[&str] = &[
    "datemax",
    "dateto",
    "end",
    "enddate",
    "lasttransactionto",
    "to",
    "todate",
    "transactiondatemax",
    "transactiondateto",
    "until",
];
const PAGES: &[&str] = &["currentpage", "cursor", "offset", "page", "pagenumber", "skip"];
const ACCOUNT_IDS: &[&str] = &["accountid", "bankaccount", "bankaccountid", "bankaccountxid"];
const IDS: &[&str] = &["id", "transactionid", "uuid", "xid"];
const ACCOUNT_NUMBERS: &[&str] =
    &["acc", "account", "accountno", "accountnumber", "bankaccountnumber"];
const BANKS: &[&str] =
    &["bank", "bankbrandname", "bankcode", "bankname", "bankshortname", "gateway", "shortname"];
const SUB_ACCOUNTS: &[&str] = &["subaccount", "va", "vaid", "vanumber", "vaxid"];
const AMOUNTS_IN: &[&str] = &["amountinmax", "amountinmin", "amountmax", "amountmin"];
const AMOUNTS_OUT: &[&str] = &["amountoutmax", "amountoutmin"];
const TEXTS: &[&str] = &[
    "code",
    "content",
    "des",
    "description",
    "keyword",
    "ordercode",
    "q",
    "query",
    "search",
    "transactioncontent",
];
const SORTS: &[&str] = &[
    "accumulatedsort",
    "amountinsort",
    "amountoutsort",
    "createdatsort",
    "lasttransactionsort",
    "order",
    "orderby",
    "sort",
    "sortby",
    "transactiondatesort",
];

/// Returns what to say about a name that is not among those that a question takes.
pub(crate) fn hint(given: &str, spelling: Spelling, names: &[Name]) -> String {
    if names.is_empty() {
        return "this route takes none".to_owned();
    }
    if let Some(met) = elsewhere(given, names) {
        // Between braces stands a name; no other part is one.
        let named = |part| names.iter().find(|name| name.ours() == part);
        let spelled = |part| named(part).map_or(part, |name| name.spelled(spelling));
        return met.hint.split(['{', '}']).map(spelled).collect();
    }
    let both: Vec<&str> = names.iter().flat_map(|name| [name.ours(), name.sepays()]).collect();
    let like = nearest(given, &both);
    match names.iter().find(|name| like.is_some_and(|text| name.is(text))) {
        Some(name) => format!("did you mean {}?", name.spelled(spelling)),
        None => {
            let all: Vec<&str> = names.iter().map(|name| name.spelled(spelling)).collect();
            format!("this route takes {}", all.join(", "))
        }
    }
}

fn elsewhere(given: &str, names: &[Name]) -> Option<&'static Elsewhere> {
    let plain: String = given.chars().filter(|c| !matches!(c, '_' | '-')).collect();
    let plain = plain.to_ascii_lowercase();
    let takes = |ours: &str| names.iter().any(|name| name.ours() == ours);
    // What the other table tells of is SePay, which is not asked for a code.
    let table = if takes("content") { OF_CODES } else { ELSEWHERE };
    let fits = |met: &&Elsewhere| takes(met.takes);
    table.iter().filter(fits).find(|met| met.names.contains(&plain.as_str()))
}

/// Returns the known name that is most like the given one, if any is; upper or lower case does not matter.
///
/// ```
/// assert_eq!(sepay::nearest("timout", &["timeout", "fetch"]), Some("timeout"));
/// assert_eq!(sepay::nearest("colour", &["timeout", "fetch"]), None);
/// ```
#[must_use]
pub fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    let given: String = given.chars().take(MAX_ECHO_CHARS).collect();
    let given = given.to_ascii_lowercase();
    let likeness = |text: &str| strsim::jaro_winkler(&text.to_ascii_lowercase(), &given);
    let scored = known.iter().map(|text| (likeness(text), *text));
    let best = scored.max_by(|(left, _), (right, _)| left.total_cmp(right));
    best.filter(|(score, _)| *score > LIKE).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, VietQr};

    fn told(given: &str, spelling: Spelling, kind: &str) -> String {
        hint(given, spelling, Kind::named(kind).unwrap().names())
    }

    /// Names of API v2 (its pages "Transactions" and "Bank accounts"), OAuth2, webhooks, the command line, and habits.
    #[test]
    fn names_met_elsewhere_are_told_ours_and_sepays() {
        let day = "did you mean {from}?";
        let pages = "API v1 has no pages: use {sinceId}, or narrow {from} and {to}";
        let number = "did you mean {account}? it is the account's number, not its id";
        let search = "API v1 has no search: read each row's content and code";
        let exact = "API v1 knows exact amounts only: {amountIn}";
        let direction = "API v1 has no such filter: use {amountIn} for an exact amount, or read each row's direction";
        let bank = "API v1 has no such filter: use {account}, or read each row's bank";
        let sub_account = "API v1 has no such filter: read each row's sub-account";
        for (names, hint) in [
            ("transaction_date_from from_date date_from start startDate transactionDateFrom", day),
            ("transaction_date_to to_date dateTo end end_date", "did you mean {to}?"),
            ("per_page perPage --per-page pageSize page_size size", "did you mean {limit}?"),
            ("page Page offset cursor", pages),
            ("last_id afterId", "did you mean {sinceId}?"),
            ("bank_account_id bankAccountId accountId --bank-account", number),
            ("accountNumber acc accountNo bank_account_number", "did you mean {account}?"),
            ("gateway bank_brand_name bankShortName bank", bank),
            ("subAccount sub_account va va_id --va-xid", sub_account),
            ("amount transferAmount", "did you mean {amountIn}?"),
            ("amount_in_min amountInMax", exact),
            ("amount_out_min", "API v1 knows exact amounts only: {amountOut}"),
            ("transferType transfer_type --transfer-type direction", direction),
            ("referenceCode reference_code ref", "did you mean {reference}?"),
            ("q search content description transaction_content code", search),
            (
                "sort transaction_date_sort amount_in_sort",
                "API v1 has no order to choose: sort the rows",
            ),
            (
                "id transaction_id",
                "one record is asked for by its id alone; for later rows use {sinceId}",
            ),
        ] {
            for given in names.split(' ') {
                for name in Kind::TransactionList.names() {
                    assert!(!name.is(given), "{given} is right");
                }
                let in_either = |spelling| {
                    Kind::TransactionList.names().iter().fold(hint.to_owned(), |text, name| {
                        text.replace(&format!("{{{}}}", name.ours()), name.spelled(spelling))
                    })
                };
                for spelling in [Spelling::Ours, Spelling::Sepays] {
                    assert_eq!(
                        told(given, spelling, "transactions.list"),
                        in_either(spelling),
                        "{given}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_same_name_means_what_the_question_can_take() {
        for (kind, given, ours, sepays) in [
            (
                "accounts.list",
                "from_date",
                "did you mean lastTransactionFrom?",
                "did you mean last_transaction_date_min?",
            ),
            (
                "accounts.list",
                "last_transaction_to",
                "did you mean lastTransactionTo?",
                "did you mean last_transaction_date_max?",
            ),
            ("accounts.list", "bank_short_name", "did you mean bank?", "did you mean short_name?"),
            (
                "accounts.list",
                "page",
                "API v1 has no pages: use sinceId",
                "API v1 has no pages: use since_id",
            ),
            (
                "accounts.list",
                "q",
                "API v1 has no search: read the rows",
                "API v1 has no search: read the rows",
            ),
            (
                "accounts.count",
                "balance",
                "did you mean balanceMin or balanceMax?",
                "did you mean accumulated_min or accumulated_max?",
            ),
            ("transactions.get", "transactionId", "did you mean id?", "did you mean id?"),
            ("accounts.get", "bank_account_id", "did you mean id?", "did you mean id?"),
            ("accounts.get", "page", "this route takes id", "this route takes id"),
        ] {
            assert_eq!(told(given, Spelling::Ours, kind), ours, "{kind} {given}");
            assert_eq!(told(given, Spelling::Sepays, kind), sepays, "{kind} {given}");
        }
        // A count has no rows, so no limit is offered; its filters are.
        assert!(
            told("per_page", Spelling::Ours, "transactions.count")
                .starts_with("this route takes account, from, ")
        );
    }

    #[test]
    fn the_parts_of_a_code_are_told_by_the_names_that_others_give_them() {
        for (names, hint) in [
            ("acc accountNo account_number acount", "did you mean account?"),
            ("bankCode bin acqId bank_short_name bnk", "did you mean bank?"),
            ("des addInfo memo description contents", "did you mean content?"),
            ("amountIn amout Amount", "did you mean amount?"),
            ("template", "no picture is made here: draw the payload"),
            ("from page q sinceId", "this route takes bank, account, amount, content"),
        ] {
            for given in names.split(' ') {
                assert_eq!(hint, super::hint(given, Spelling::Ours, VietQr::NAMES), "{given}");
            }
        }
    }

    #[test]
    fn what_no_table_knows_and_nothing_is_like_is_told_all_names() {
        for given in ["webhook_success", "fields", "active", "x", "tiếng", "\u{1f9e7}"] {
            let told = told(given, Spelling::Ours, "transactions.list");
            assert!(told.starts_with("this route takes account, from, to, "), "{given}: {told}");
        }
    }

    #[test]
    fn every_row_of_the_table_can_be_met_and_offers_only_what_its_questions_take() {
        let questions = Kind::ALL.map(Kind::names);
        let rows = ELSEWHERE.iter().map(|row| (row, &questions[..]));
        let rows = rows.chain(OF_CODES.iter().map(|row| (row, &[VietQr::NAMES][..])));
        for (position, (row, kinds)) in rows.enumerate() {
            let fits = kinds
                .iter()
                .copied()
                .filter(|names| names.iter().any(|name| name.ours() == row.takes));
            let fits: Vec<_> = fits.collect();
            assert!(!fits.is_empty(), "{}", row.hint);
            let offered: Vec<&str> = row.hint.split(['{', '}']).skip(1).step_by(2).collect();
            for name in row.names {
                let plain = name.bytes().all(|byte| byte.is_ascii_lowercase());
                assert!(plain, "{name} is compared in lower case without marks");
                let mut first = fits.iter().filter_map(|names| elsewhere(name, names));
                assert!(
                    first.any(|found| std::ptr::eq(found, row)),
                    "{name} never comes to row {position}"
                );
            }
            for names in fits {
                for name in &offered {
                    assert!(
                        names.iter().any(|known| known.ours() == *name),
                        "{name} in {}",
                        row.hint
                    );
                }
            }
        }
    }

    #[test]
    fn the_nearest_name_is_like_it_and_nothing_is_like_nothing() {
        let known = ["apiToken", "baseURL", "timeout", "maxRetries"];
        for (given, like) in [
            ("apitoken", Some("apiToken")),
            ("apiKey", Some("apiToken")),
            ("baseUrl", Some("baseURL")),
            ("timeoutMs", Some("timeout")),
            ("retries", Some("maxRetries")),
            ("maxRetry", Some("maxRetries")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, &known), like, "{given}");
        }
        assert_eq!(nearest("x", &[]), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), &known), None);
    }
}
