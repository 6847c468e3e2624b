//! VietQR: the text of a QR code with which any bank app in Vietnam fills in a transfer to an account.
//!
//! The text is EMVCo's (Merchant-Presented Mode, version 1.1) as NAPAS narrows it for transfers to accounts ("Quy định về
//! định dạng mã VietQR trong dịch vụ chuyển nhanh NAPAS247", version 1.0, September 2021). It draws no picture, asks nobody
//! anything, and does not know whether the account exists.

use std::fmt;

use crate::bank::Bank;
use crate::error::Error;
use crate::money::Vnd;
use crate::params::{Name, Params, Spelling, known};
use crate::query;

/// The longest account number, in letters and digits (NAPAS, 5.2.3.2.2).
const MAX_ACCOUNT_CHARS: usize = 19;

/// The longest content, in letters, digits and signs (EMVCo, table 4.4, and NAPAS, table 2: ID 62, 08).
const MAX_CONTENT_CHARS: usize = 25;

/// The largest amount: the field has 13 digits (EMVCo, table 3.4, and NAPAS, 5.2.6: ID 54).
const MAX_AMOUNT_VND: i64 = 9_999_999_999_999;

/// NAPAS among the world's payment systems (NAPAS, 5.2.3.2.1).
const NAPAS: &str = "A000000727";

/// A transfer to an account, not to a card (NAPAS, 5.2.3.2.3).
const TO_ACCOUNT: &str = "QRIBFTTA";

/// What a VietQR code says: who receives, and if known how much and with which words. `Debug` does not show it.
///
/// ```
/// use sepay::VietQr;
///
/// let code = VietQr::read([
///     ("bank", "Vietcombank"),
///     ("account", "0071000888888"),
///     ("amount", "150000"),
///     ("content", "Đơn hàng DH000777"),
/// ])?;
/// assert_eq!(
///     code.payload(),
///     "00020101021238570010A00000072701270006970436011300710008888880208QRIBFTTA5303704\
///      54061500005802VN62210817Don hang DH0007776304ED4E",
/// );
/// # Ok::<(), sepay::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VietQr {
    bank: Bank,
    account: String,
    amount: Option<Vnd>,
    content: Option<String>,
}

impl VietQr {
    /// The parameters of [`VietQr::read`].
    pub const NAMES: &[Name] = &[
        Name::alike("bank"),
        Name::alike("account"),
        Name::alike("amount"),
        Name::alike("content"),
    ];

    /// Begins a code for an account: 1 to 19 letters and digits, as the bank writes it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `account`.
    pub fn new(bank: Bank, account: &str) -> Result<Self, Error> {
        Ok(Self { bank, account: account_number(account)?, amount: None, content: None })
    }

    /// Sets the amount, 1 to 9,999,999,999,999 VND. Without one, whoever pays writes it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `amount`.
    pub fn with_amount(self, amount: Vnd) -> Result<Self, Error> {
        Ok(Self { amount: Some(payable(amount)?), ..self })
    }

    /// Sets the words of the transfer: 1 to 25 letters, digits, spaces and ASCII signs, without a space at either end.
    /// Vietnamese letters lose their marks, because banks do not pass them on: `Đơn hàng` becomes `Don hang`. Nothing is
    /// cut and nothing else is changed. Some banks drop signs, so a code to look for is best of letters and digits.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `content`.
    pub fn with_content(self, content: &str) -> Result<Self, Error> {
        Ok(Self { content: Some(plain_content(content)?), ..self })
    }

    /// Reads names and values, in any order: `bank` ([`Bank::new`]), `account`, and optionally `amount` and `content`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming the parameter: an unknown name (with the nearest right one), a name given
    /// twice, a missing bank or account, or a value that a code cannot hold. No message holds a value.
    pub fn read(
        pairs: impl IntoIterator<Item = (impl AsRef<str>, impl Into<String>)>,
    ) -> Result<Self, Error> {
        let params = Params::read(Self::NAMES, Spelling::Ours, pairs)?;
        let value = |name| params.get(name).1;
        let amount = |text| payable(query::amount("amount", text)?);
        Ok(Self {
            bank: Bank::new("bank", value("bank").unwrap_or_default())?,
            account: account_number(value("account").unwrap_or_default())?,
            amount: value("amount").map(amount).transpose()?,
            content: value("content").map(plain_content).transpose()?,
        })
    }

    /// Refuses a name that [`VietQr::read`] does not take.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] with the nearest right one.
    pub fn check_name(name: &str) -> Result<(), Error> {
        known(name, Spelling::Ours, Self::NAMES).map(|_| ())
    }

    /// Returns the bank of the account.
    #[must_use]
    pub fn bank(&self) -> &Bank {
        &self.bank
    }

    /// Returns the text to draw as a QR code: ASCII, at most 150 characters. It ends with a checksum of the rest.
    #[must_use]
    pub fn payload(&self) -> String {
        let Self { bank, account, amount, content } = self;
        let mut beneficiary = String::new();
        put(&mut beneficiary, "00", bank.bin());
        put(&mut beneficiary, "01", account);
        let mut merchant = String::new();
        put(&mut merchant, "00", NAPAS);
        put(&mut merchant, "01", &beneficiary);
        put(&mut merchant, "02", TO_ACCOUNT);
        let mut payload = String::new();
        put(&mut payload, "00", "01");
        // Static, for many transfers, or dynamic, for one.
        put(&mut payload, "01", if amount.is_some() { "12" } else { "11" });
        put(&mut payload, "38", &merchant);
        put(&mut payload, "53", "704");
        if let Some(amount) = amount {
            put(&mut payload, "54", &amount.to_string());
        }
        put(&mut payload, "58", "VN");
        if let Some(content) = content {
            let mut more = String::new();
            put(&mut more, "08", content);
            put(&mut payload, "62", &more);
        }
        payload.push_str("6304");
        let crc = crc(payload.as_bytes());
        for shift in [12, 8, 4, 0] {
            payload.push(digit(crc >> shift & 0xF));
        }
        payload
    }
}

impl fmt::Debug for VietQr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Writes an object: its ID, the length of its value in two digits, and the value, which is ASCII and shorter than 100.
fn put(objects: &mut String, id: &str, value: &str) {
    let length = u16::try_from(value.len()).unwrap_or_default();
    objects.push_str(id);
    objects.push(digit(length / 10));
    objects.push(digit(length % 10));
    objects.push_str(value);
}

/// Writes a number below 16 as one digit, in capitals.
fn digit(number: u16) -> char {
    char::from_digit(number.into(), 16).unwrap_or_default().to_ascii_uppercase()
}

/// CRC-16/CCITT-FALSE (ISO/IEC 13239 as EMVCo wants it, 4.7.3): polynomial 0x1021, begins with 0xFFFF.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc: u16, _| {
            let shifted = crc << 1;
            if crc & 0x8000 == 0 { shifted } else { shifted ^ 0x1021 }
        })
    })
}

fn account_number(text: &str) -> Result<String, Error> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if text.is_empty() || text.len() > MAX_ACCOUNT_CHARS || !is_plain {
        return Err(Error::invalid("account", "expected 1 to 19 letters and digits"));
    }
    Ok(text.to_owned())
}

fn payable(amount: Vnd) -> Result<Vnd, Error> {
    if (1..=MAX_AMOUNT_VND).contains(&amount.get()) {
        Ok(amount)
    } else {
        Err(Error::invalid("amount", "expected 1 to 9999999999999 VND"))
    }
}

/// Takes the marks off Vietnamese letters, composed or not, and refuses what does not fit then.
fn plain_content(text: &str) -> Result<String, Error> {
    let mut plain = String::new();
    for letter in text.chars() {
        match unmarked(letter) {
            Some(letter) => plain.push(letter),
            None if is_mark(letter) && last(&plain).is_ascii_alphabetic() => {}
            None => {
                return Err(Error::invalid(
                    "content",
                    "expected letters, digits, spaces and ASCII signs, found another character",
                ));
            }
        }
    }
    let found = plain.len();
    if found == 0 || found > MAX_CONTENT_CHARS {
        let why = format!("expected 1 to {MAX_CONTENT_CHARS} characters, found {found}");
        return Err(Error::invalid("content", why));
    }
    if plain.as_bytes().first() == Some(&b' ') || last(&plain) == b' ' {
        return Err(Error::invalid("content", "expected no space at either end"));
    }
    Ok(plain)
}

fn last(text: &str) -> u8 {
    text.as_bytes().last().copied().unwrap_or_default()
}

/// The marked letters before Unicode's block of Vietnamese ones, each with what is left of it.
static MARKED: [(char, &str); 14] = [
    ('A', "ÀÁÂÃĂ"),
    ('D', "Đ"),
    ('E', "ÈÉÊ"),
    ('I', "ÌÍĨ"),
    ('O', "ÒÓÔÕƠ"),
    ('U', "ÙÚŨƯ"),
    ('Y', "Ý"),
    ('a', "àáâãă"),
    ('d', "đ"),
    ('e', "èéê"),
    ('i', "ìíĩ"),
    ('o', "òóôõơ"),
    ('u', "ùúũư"),
    ('y', "ý"),
];

/// Returns what is left of a Vietnamese letter without its marks, and printable ASCII as it is.
fn unmarked(letter: char) -> Option<char> {
    match letter {
        ' '..='~' => Some(letter),
        'Ạ'..='ỹ' => Some(doubly_marked(letter)),
        _ => MARKED
            .iter()
            .find(|(_, marked)| marked.chars().any(|own| own == letter))
            .map(|(plain, _)| *plain),
    }
}

/// Unicode's block of Vietnamese letters, U+1EA0 to U+1EF9: by letter, and each in capitals before the small one.
fn doubly_marked(letter: char) -> char {
    let capital = match letter {
        ..='ặ' => 'A',
        ..='ệ' => 'E',
        ..='ị' => 'I',
        ..='ợ' => 'O',
        ..='ự' => 'U',
        _ => 'Y',
    };
    if u32::from(letter) & 1 == 0 { capital } else { capital.to_ascii_lowercase() }
}

/// Says whether a character is one of Vietnamese's eight marks on its own, as some systems write them behind a letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{303}' | '\u{306}' | '\u{309}' | '\u{31B}' | '\u{323}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the catalogue of CRCs (CRC-16/IBM-3740, also called CCITT-FALSE), and the four examples of
    /// NAPAS's document, section 6.1. The first gives its account number of 13 digits the length 12, and its checksum is
    /// that of this text; the second and the fourth are to cards; the last two have a bill number.
    #[test]
    fn the_checksum_is_that_of_the_catalogue_and_of_napas() {
        assert_eq!(crc(b"123456789"), 0x29B1);
        for (text, expected) in [
            (
                "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304",
                0xF4E5,
            ),
            (
                "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN6304",
                0x4F52,
            ),
            (
                "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang6304",
                0x2E2E,
            ),
            (
                "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC530370454061800005802VN62340107NPS68690819thanh toan don hang6304",
                0xA203,
            ),
        ] {
            assert_eq!(crc(text.as_bytes()), expected, "{text}");
        }
    }
}
