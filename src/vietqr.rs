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
        let is_long = account.len() > MAX_ACCOUNT_CHARS;
        if account.is_empty()
            || is_long
            || !account.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return Err(Error::invalid("account", "expected 1 to 19 letters and digits"));
        }
        Ok(Self { bank, account: account.to_owned(), amount: None, content: None })
    }

    /// Sets the amount, 1 to 9,999,999,999,999 VND. Without one, whoever pays writes it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `amount`.
    pub fn with_amount(self, amount: Vnd) -> Result<Self, Error> {
        if !(1..=MAX_AMOUNT_VND).contains(&amount.get()) {
            return Err(Error::invalid("amount", "expected 1 to 9999999999999 VND"));
        }
        Ok(Self { amount: Some(amount), ..self })
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
        let bank = Bank::new("bank", value("bank").unwrap_or_default())?;
        let mut code = Self::new(bank, value("account").unwrap_or_default())?;
        if let Some(amount) = value("amount") {
            code = code.with_amount(query::amount("amount", amount)?)?;
        }
        match value("content") {
            Some(content) => code.with_content(content),
            None => Ok(code),
        }
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
        let beneficiary = [field("00", bank.bin()), field("01", account)].concat();
        let merchant =
            [field("00", NAPAS), field("01", &beneficiary), field("02", TO_ACCOUNT)].concat();
        // Static, for many transfers, or dynamic, for one.
        let method = if amount.is_some() { "12" } else { "11" };
        let mut payload = [
            field("00", "01"),
            field("01", method),
            field("38", &merchant),
            field("53", "704"),
            amount.map(|amount| field("54", &amount.to_string())).unwrap_or_default(),
            field("58", "VN"),
            content.as_ref().map(|text| field("62", &field("08", text))).unwrap_or_default(),
            "6304".to_owned(),
        ]
        .concat();
        let crc = crc(payload.as_bytes());
        payload.push_str(&format!("{crc:04X}"));
        payload
    }
}

impl fmt::Debug for VietQr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Writes an object: its ID, the length of its value in two digits, and the value, which is ASCII and shorter than 100.
fn field(id: &str, value: &str) -> String {
    format!("{id}{:02}{value}", value.len())
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

/// Takes the marks off Vietnamese letters, composed or not, and refuses what does not fit then.
fn plain_content(text: &str) -> Result<String, Error> {
    let refused = |why: String| Error::invalid("content", why);
    let mut plain = String::new();
    for letter in text.chars() {
        match unmarked(letter) {
            Some(letter) => plain.push(letter),
            None if is_mark(letter) && plain.ends_with(|c: char| c.is_ascii_alphabetic()) => {}
            None => {
                let expected = "expected letters, digits, spaces and ASCII signs";
                return Err(refused(format!("{expected}, found another character")));
            }
        }
    }
    let found = plain.len();
    if found == 0 || found > MAX_CONTENT_CHARS {
        return Err(refused(format!(
            "expected 1 to {MAX_CONTENT_CHARS} characters, found {found}"
        )));
    }
    if plain.starts_with(' ') || plain.ends_with(' ') {
        return Err(refused("expected no space at either end".to_owned()));
    }
    Ok(plain)
}

/// Returns what is left of a Vietnamese letter without its marks, and printable ASCII as it is.
fn unmarked(letter: char) -> Option<char> {
    Some(match letter {
        ' '..='~' => letter,
        'À'..='Ã' | 'Ă' => 'A',
        'à'..='ã' | 'ă' => 'a',
        'Đ' => 'D',
        'đ' => 'd',
        'È'..='Ê' => 'E',
        'è'..='ê' => 'e',
        'Ì' | 'Í' | 'Ĩ' => 'I',
        'ì' | 'í' | 'ĩ' => 'i',
        'Ò'..='Õ' | 'Ơ' => 'O',
        'ò'..='õ' | 'ơ' => 'o',
        'Ù' | 'Ú' | 'Ũ' | 'Ư' => 'U',
        'ù' | 'ú' | 'ũ' | 'ư' => 'u',
        'Ý' => 'Y',
        'ý' => 'y',
        'Ạ'..='ỹ' => doubly_marked(letter),
        _ => return None,
    })
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
