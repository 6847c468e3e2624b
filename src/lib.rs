//! The SePay API v1 as pure functions: a typed request out, a typed answer in.
//!
//! SePay tells a shop about the money that moves on its bank accounts. This crate knows the API's addresses,
//! parameters and habits. It does no IO, has no clock and keeps no state: an [`Endpoint`] makes a [`Request`],
//! your transport sends it, and the endpoint reads the [`Response`].
//!
//! ```
//! use sepay::{ApiToken, Endpoint, Limit, Response, TransactionList, Upstream};
//!
//! let upstream = Upstream::new(sepay::DEFAULT_BASE_URL, ApiToken::new("S3CRET")?, "shop/1.0")?;
//! let question = TransactionList { limit: Some(Limit::new(1)?), ..TransactionList::default() };
//! let request = question.request(&upstream);
//! assert_eq!(request.url, "https://my.sepay.vn/userapi/transactions/list?limit=1");
//!
//! // Send `request` with any HTTP client; then:
//! let body = br#"{"status":200,"error":null,"messages":{"success":true},"transactions":[{"id":"92704",
//!     "bank_brand_name":"Vietcombank","account_number":"0071000888888",
//!     "transaction_date":"2023-05-02 10:30:00","amount_out":"0.00","amount_in":"2277000.00",
//!     "accumulated":"19077000.00","transaction_content":"mua hang DH001","reference_number":"MB.327",
//!     "code":"DH001","sub_account":null,"bank_account_id":"123"}]}"#;
//! let answer = question.parse(&Response { status: 200, headers: Vec::new(), body: body.to_vec() })?;
//! assert_eq!(answer.rows[0].amount_in.get(), 2_277_000);
//! assert_eq!(answer.rows[0].occurred_at.to_string(), "2023-05-02T10:30:00+07:00");
//! assert!(!answer.complete, "one row was asked for and one came: there may be more");
//! # Ok::<(), sepay::Error>(())
//! ```
//!
//! [`Pace`] is SePay's rate limit as arithmetic, for whoever does the sending. [`Calls`] decides for one client what is
//! sent when, what is tried again and what is over. [`VietQr`] is the text of a QR code with which a customer pays.
//!
//! What it does not do: send, wait, cache, or decide who may ask.

mod account;
mod bank;
mod calls;
mod endpoint;
mod error;
#[cfg(feature = "fetch")]
pub mod fetch;
mod hints;
mod http;
#[cfg(feature = "js")]
mod js;
mod json;
mod money;
mod pace;
mod params;
pub mod query;
mod question;
mod time;
mod token;
mod transaction;
#[cfg(feature = "js")]
mod values;
mod vietqr;
mod walk;
mod wire;

pub use account::{
    ACCOUNTS_ROOT, AccountCount, AccountDetails, AccountFilter, AccountList, BankAccount,
};
pub use bank::Bank;
pub use calls::{CallRules, Calls, Fate, Sending, Steps};
pub use endpoint::{Endpoint, List, judge, raw_rows};
pub use error::Error;
pub use hints::nearest;
pub use http::{DEFAULT_BASE_URL, Method, Request, Response, Target, Upstream};
pub use money::{NotVnd, Vnd};
pub use pace::{Pace, PaceRecord, Slot};
pub use params::{Name, Params, Spelling};
pub use query::{FilterText, Limit, Period, RecordId, Span, VndSpan};
pub use question::{Kind, Question};
pub use time::{NotTime, VietnamTime};
pub use token::ApiToken;
pub use transaction::{
    Direction, TRANSACTIONS_ROOT, Transaction, TransactionCount, TransactionDetails,
    TransactionFilter, TransactionList,
};
pub use vietqr::VietQr;
pub use walk::{Step, Walk};

/// The README's example runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
