//! `GET /api/vietqr`: a query to the text of a QR code. All of it is in the query: nobody is asked.

use sepay::{Bank, VietQr};
use serde::Serialize;

use crate::params::{self, BadParameter};

/// A code to pay with.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentCode {
    /// The text to draw as a QR code. It is ASCII and ends with a checksum.
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 150, pattern = "^000201[ -~]+6304[0-9A-F]{4}$")
    )]
    payload: String,
    /// The bank that the code names.
    bank: Bank,
}

impl PaymentCode {
    /// Makes the code that a query describes.
    ///
    /// # Errors
    ///
    /// [`BadParameter`] naming the parameter, and the nearest right one.
    pub fn read(query: &str) -> Result<Self, BadParameter> {
        let code = VietQr::read(params::decoded(query)?)?;
        Ok(Self { payload: code.payload(), bank: code.bank().clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(query: &str) -> String {
        match PaymentCode::read(query) {
            Ok(code) => serde_json::to_string(&code).unwrap(),
            Err(bad) => bad.to_string(),
        }
    }

    #[test]
    fn a_query_is_decoded_and_its_code_told_with_the_bank() {
        assert_eq!(
            told(
                "account=113366668888&content=%E1%BB%A6ng+H%E1%BB%99%20Qu%E1%BB%B9+V%E1%BA%AFc+Xin&amount=79000&bank=vietinbank"
            ),
            r#"{"payload":"00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405790005802VN62220818Ung Ho Quy Vac Xin63043ACF","bank":{"name":"VietinBank","code":"ICB","bin":"970415"}}"#
        );
        assert!(
            told("bank=999999&account=1")
                .ends_with(r#","bank":{"name":null,"code":null,"bin":"999999"}}"#)
        );
    }

    #[test]
    fn a_bad_query_names_its_parameter() {
        for (query, start) in [
            ("", "bank: expected "),
            ("bank=VCB", "account: expected "),
            ("bank=VCB&acount=1", "acount: unknown parameter; did you mean account?"),
            ("bank=VCB&account=%ff", "account: expected "),
            ("bank=VCB&account=1&amount=1.5", "amount: expected whole VND, found a fraction"),
            ("bank=VCB&account=1&content=%00", "content: expected "),
            ("bank=VCB&account=1&content=", "content: expected "),
            ("bank=VCB&bank=VCB&account=1", "bank: expected once, found twice"),
        ] {
            assert!(told(query).starts_with(start), "{query}: {}", told(query));
        }
        let long = format!("bank=VCB&account={}", "1".repeat(5_000));
        assert!(told(&long).starts_with("query: expected at most 4096 bytes"));
    }
}
