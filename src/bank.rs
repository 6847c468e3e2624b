//! The banks of Vietnam that a VietQR code can name: short name, code and BIN.
//!
//! A bank is found by any of the three. It knows nothing of accounts, and says nothing about who can be paid through
//! SePay: a code made for any of these banks can be paid.

use std::borrow::Cow;

use serde::Serialize;

use crate::error::Error;
use crate::hints;

/// Short name, code and BIN, one bank a line. Short names and codes as in SePay's public list (`qr.sepay.vn/banks.json`),
/// which writes them as VietQR.io does (`api.vietqr.io/v2/banks`).
///
/// A row is here if two public lists agree on all three: VietQR.io's as the repository openhoangnc/vietqr keeps it
/// (src/banks.json, 2024), and either the State Bank's BINs in subiz/vietqr (bank.csv, 2024) or VietQR.net's list of
/// 2021; for Timo, CAKE and Ubank xuannghia/vietnam-qr-pay (src/constants, 2026), which agrees on code and BIN. One text,
/// because a list of texts is twice as large in wasm.
static BANKS: &str = "\
ABBANK,ABB,970425,\
ACB,ACB,970416,\
Agribank,VBA,970405,\
BacABank,BAB,970409,\
BaoVietBank,BVB,970438,\
BIDV,BIDV,970418,\
CAKE,CAKE,546034,\
CBBank,CBB,970444,\
CIMB,CIMB,422589,\
COOPBANK,COOPBANK,970446,\
DBSBank,DBS,796500,\
DongABank,DOB,970406,\
Eximbank,EIB,970431,\
GPBank,GPB,970408,\
HDBank,HDB,970437,\
HongLeong,HLBVN,970442,\
HSBC,HSBC,458761,\
IBKHCM,IBK - HCM,970456,\
IBKHN,IBK - HN,970455,\
IndovinaBank,IVB,970434,\
KEBHanaHCM,KEBHANAHCM,970466,\
KEBHANAHN,KEBHANAHN,970467,\
KienLongBank,KLB,970452,\
KookminHCM,KBHCM,970463,\
KookminHN,KBHN,970462,\
LPBank,LPB,970449,\
MBBank,MB,970422,\
MSB,MSB,970426,\
NamABank,NAB,970428,\
NCB,NCB,970419,\
Nonghyup,NHB HN,801011,\
OCB,OCB,970448,\
Oceanbank,Oceanbank,970414,\
PGBank,PGB,970430,\
PublicBank,PBVN,970439,\
PVcomBank,PVCB,970412,\
Sacombank,STB,970403,\
SaigonBank,SGICB,970400,\
SCB,SCB,970429,\
SeABank,SEAB,970440,\
SHB,SHB,970443,\
ShinhanBank,SHBVN,970424,\
StandardChartered,SCVN,970410,\
Techcombank,TCB,970407,\
Timo,TIMO,963388,\
TPBank,TPB,970423,\
Ubank,Ubank,546035,\
UnitedOverseas,UOB,970458,\
VIB,VIB,970441,\
VietABank,VAB,970427,\
VietBank,VIETBANK,970433,\
VietCapitalBank,VCCB,970454,\
Vietcombank,VCB,970436,\
VietinBank,ICB,970415,\
VPBank,VPB,970432,\
VRB,VRB,970421,\
Woori,WVN,970457";

/// A bank, by its BIN. As JSON: `{"name":"Vietcombank","code":"VCB","bin":"970436"}`.
///
/// ```
/// use sepay::Bank;
///
/// let bank = Bank::new("bank", "vietcombank")?;
/// assert_eq!((bank.name(), bank.code(), bank.bin()), (Some("Vietcombank"), Some("VCB"), "970436"));
/// assert_eq!(Bank::new("bank", "VCB")?, bank);
/// assert_eq!(Bank::new("bank", "970436")?, bank);
/// assert_eq!(Bank::new("bank", "999999")?.name(), None);
///
/// let error = Bank::new("bank", "Vietcombnk").unwrap_err();
/// assert!(error.to_string().ends_with("six-digit BIN; did you mean Vietcombank?"));
/// # Ok::<(), sepay::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(description = "A bank that a code can name.")
)]
pub struct Bank {
    /// The short name, as SePay writes it. Null for a BIN that is not in the list.
    name: Option<&'static str>,
    /// The code, such as `VCB`. Null for a BIN that is not in the list.
    code: Option<&'static str>,
    /// The six digits by which NAPAS knows the bank.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9]{6}$"))]
    bin: Cow<'static, str>,
}

impl Bank {
    /// Finds a bank by its short name or its code, in capitals or not, or by its BIN. Six digits that are not in the
    /// list are a BIN all the same: new banks come.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] naming `parameter`, with the likest short name or code, if any is alike.
    pub fn new(parameter: &'static str, text: &str) -> Result<Self, Error> {
        if let Some(bank) = Self::all().find(|bank| bank.is(text)) {
            return Ok(bank);
        }
        if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self { name: None, code: None, bin: Cow::Owned(text.to_owned()) });
        }
        let expected = "expected a bank's short name, its code or its six-digit BIN";
        let is_name = |part: &&str| !part.starts_with(|c: char| c.is_ascii_digit());
        let names: Vec<&str> = BANKS.split(',').filter(is_name).collect();
        Err(match hints::nearest(text, &names) {
            Some(name) => Error::invalid(parameter, format!("{expected}; did you mean {name}?")),
            None => Error::invalid(parameter, expected),
        })
    }

    /// Returns every bank of the list, by short name.
    pub fn all() -> impl Iterator<Item = Self> {
        let mut parts = BANKS.split(',');
        std::iter::from_fn(move || {
            let (name, code) = (parts.next(), parts.next());
            Some(Self { name, code, bin: Cow::Borrowed(parts.next()?) })
        })
    }

    /// Returns the short name; none for a BIN that is not in the list.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name
    }

    /// Returns the code; none for a BIN that is not in the list.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code
    }

    /// Returns the BIN, six digits.
    #[must_use]
    pub fn bin(&self) -> &str {
        &self.bin
    }

    fn is(&self, text: &str) -> bool {
        let is = |name: Option<&str>| name.is_some_and(|name| name.eq_ignore_ascii_case(text));
        self.bin == text || is(self.name) || is(self.code)
    }
}
