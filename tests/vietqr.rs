//! VietQR codes against payloads that others published, and against a reader that shares nothing with their writer.

#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
#![allow(clippy::expect_used, reason = "a helper that fails fails its test")]
#![allow(clippy::indexing_slicing, reason = "what is not there fails the test")]
#![allow(clippy::string_slice, reason = "a payload is ASCII, or its test fails")]

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::{option, prop_assert, prop_assert_eq};
use sepay::{Bank, Error, VietQr, Vnd};

const MAX_AMOUNT: i64 = 9_999_999_999_999;

/// What a code was made of, in our names, and its payload.
type Published =
    (&'static str, &'static str, Option<&'static str>, Option<&'static str>, &'static str);

/// Bank, account, amount, content and payload; above each, where it is published.
const PUBLISHED: &[Published] = &[
    // VietQR.io, "API tạo mã QR", the answer of its example.
    (
        "970415",
        "113366668888",
        Some("79000"),
        Some("Ung Ho Quy Vac Xin"),
        "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405790005802VN62220818Ung Ho Quy Vac Xin63043ACF",
    ),
    // subiz/vietqr, README.md: its own text is with marks.
    (
        "VietinBank",
        "0011001932418",
        Some("120000"),
        Some("ủng hộ lũ lụt"),
        "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN62170813ung ho lu lut6304C15C",
    ),
    // subiz/vietqr, vietqr_test.go, TestQR; the last is cut there to the longest account and the longest content.
    (
        "TPBank",
        "0099999999",
        None,
        None,
        "00020101021138540010A00000072701240006970423011000999999990208QRIBFTTA53037045802VN6304CBB4",
    ),
    (
        "MB",
        "0023457923442",
        Some("40123"),
        Some("chuyển khoản"),
        "00020101021238570010A00000072701270006970422011300234579234420208QRIBFTTA53037045405401235802VN62160812chuyen khoan6304722F",
    ),
    (
        "mbbank",
        "0023457923442ASDFLJ",
        Some("40123"),
        Some("chuyen khoan alsdkf laksj"),
        "00020101021238630010A0000007270133000697042201190023457923442ASDFLJ0208QRIBFTTA53037045405401235802VN62290825chuyen khoan alsdkf laksj6304E5DB",
    ),
    // sunary/vietqr, README.md: a content without an amount.
    (
        "Techcombank",
        "9796868",
        None,
        Some("gen by sunary/vietqr"),
        "00020101021138510010A00000072701210006970407010797968680208QRIBFTTA53037045802VN62240820gen by sunary/vietqr6304BE74",
    ),
    // openhoangnc/vietqr, libs/test-data.json.
    (
        "963388",
        "3456789143",
        None,
        None,
        "00020101021138540010A00000072701240006963388011034567891430208QRIBFTTA53037045802VN63041D58",
    ),
    // xuannghia/vietnam-qr-pay, README.md.
    (
        "ACB",
        "257678859",
        Some("1000"),
        Some("Chuyen tien"),
        "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811Chuyen tien6304BBB8",
    ),
];

#[test]
fn payloads_are_those_that_others_published() {
    for (bank, account, amount, content, payload) in PUBLISHED {
        let given = pairs(bank, account, *amount, *content);
        assert_eq!(VietQr::read(given).map(|code| code.payload()).as_deref(), Ok(*payload));
        assert_eq!(crc_by_division(&payload[..payload.len() - 4]), payload[payload.len() - 4..]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_by_a_reader_of_its_own(
        bin in "[0-9]{6}",
        account in "[0-9A-Za-z]{1,19}",
        amount in option::of(1..=MAX_AMOUNT),
        content in option::of("[!-~]|[!-~][ -~]{0,23}[!-~]"),
    ) {
        let amount = amount.map(|dong| dong.to_string());
        let given = pairs(&bin, &account, amount.as_deref(), content.as_deref());
        let payload = VietQr::read(given).expect("all of it is right").payload();
        prop_assert!(payload.len() <= 150, "{}", payload.len());

        let root = objects(&payload);
        let ids: Vec<&str> = root.iter().map(|(id, _)| *id).collect();
        let expected = ["00", "01", "38", "53", "54", "58", "62", "63"].into_iter();
        let is_there = |id: &&str| (*id != "54" || amount.is_some()) && (*id != "62" || content.is_some());
        prop_assert_eq!(ids, expected.filter(is_there).collect::<Vec<_>>());
        let root: HashMap<&str, &str> = root.into_iter().collect();
        prop_assert_eq!(root["00"], "01");
        prop_assert_eq!(root["01"], if amount.is_some() { "12" } else { "11" });
        prop_assert_eq!(root["53"], "704");
        prop_assert_eq!(root.get("54").copied(), amount.as_deref());
        prop_assert_eq!(root["58"], "VN");
        let more = root.get("62").map(|text| objects(text));
        prop_assert_eq!(more, content.as_deref().map(|text| vec![("08", text)]));
        let merchant = objects(root["38"]);
        prop_assert_eq!(merchant.len(), 3);
        prop_assert_eq!((merchant[0], merchant[2]), (("00", "A000000727"), ("02", "QRIBFTTA")));
        prop_assert_eq!(merchant[1].0, "01");
        prop_assert_eq!(objects(merchant[1].1), vec![("00", bin.as_str()), ("01", account.as_str())]);
        prop_assert_eq!(root["63"], crc_by_division(&payload[..payload.len() - 4]));
    }

    #[test]
    fn an_error_repeats_no_value(
        bank in any::<String>(),
        account in any::<String>(),
        amount in any::<String>(),
        content in any::<String>(),
    ) {
        // Each value is wrong by its end alone, if by nothing else.
        let [bank, account, amount, content] = [bank, account, amount, content].map(|text| text + "c4nary\n");
        for given in [
            pairs(&bank, "1", None, None),
            pairs("VCB", &account, None, None),
            pairs("VCB", "1", Some(&amount), None),
            pairs("VCB", "1", None, Some(&content)),
        ] {
            let error = VietQr::read(given).unwrap_err();
            prop_assert!(!format!("{error} {error:?}").contains("c4nary"), "{}", error);
        }
    }

    #[test]
    fn whatever_is_given_nothing_panics_and_a_payload_is_ascii(
        names in vec(select(vec!["bank", "account", "amount", "content", "des", ""]), 0..6),
        values in vec(prop_oneof![any::<String>(), select(vec!["VCB".to_owned(), "1".to_owned()])], 6),
    ) {
        if let Ok(code) = VietQr::read(names.into_iter().zip(values)) {
            prop_assert!(code.payload().is_ascii());
            prop_assert_eq!(format!("{:?}", code), "[redacted]");
        }
    }
}

#[test]
fn each_letter_of_vietnamese_loses_its_marks() {
    for letters in [
        "aàảãáạăằẳẵắặâầẩẫấậ",
        "dđ",
        "eèẻẽéẹêềểễếệ",
        "iìỉĩíị",
        "oòỏõóọôồổỗốộơờởỡớợ",
        "uùủũúụưừửữứự",
        "yỳỷỹýỵ",
    ] {
        let plain = &letters[..1];
        for letter in letters.chars() {
            assert_eq!(content_of(&letter.to_string()).as_deref(), Ok(plain), "{letter}");
            let capital = letter.to_uppercase().to_string();
            assert_eq!(content_of(&capital), Ok(plain.to_uppercase()), "{capital}");
        }
    }
}

/// As macOS writes file names and some keyboards write all text: the marks behind the letters, each a character.
#[test]
fn marks_on_their_own_count_for_nothing() {
    let apart =
        "Đo\u{31b}n ha\u{300}ng so\u{302}\u{301} mu\u{31b}o\u{31b}\u{300}i la\u{306}\u{323}p";
    assert_eq!(content_of(apart).as_deref(), Ok("Don hang so muoi lap"));
    // Half composed, and longer than 25 characters before its marks are gone.
    assert_eq!(
        content_of("hẹn trâ\u{309} tiê\u{300}n vê\u{300} quê\u{300} ngoại").as_deref(),
        Ok("hen tra tien ve que ngoai")
    );
    assert!(content_of("\u{301}a").is_err(), "a mark without a letter");
    assert!(content_of("1\u{301}").is_err(), "a mark on a digit");
    assert!(content_of("n\u{327}").is_err(), "a mark that Vietnamese has not");
}

#[test]
fn every_other_character_is_refused() {
    let vietnamese = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ";
    let vietnamese: String = format!("{vietnamese}{}", vietnamese.to_uppercase());
    let code = VietQr::read(pairs("VCB", "1", None, None)).unwrap();
    for letter in (0..=0x0010_FFFF_u32).filter_map(char::from_u32) {
        let is_plain = (' '..='~').contains(&letter);
        let is_mark = "\u{300}\u{301}\u{302}\u{303}\u{306}\u{309}\u{31b}\u{323}".contains(letter);
        let expected = is_plain || is_mark || vietnamese.contains(letter);
        let code = code.clone().with_content(&format!("a{letter}a"));
        assert_eq!(code.is_ok(), expected, "{letter:?}");
    }
}

#[test]
fn what_a_code_cannot_hold_is_told_by_name_and_nothing_is_cut() {
    let ok = [("bank", "VCB"), ("account", "0071000888888")];
    let no_bank = "bank: expected a bank's short name, its code or its six-digit BIN";
    let no_account = "account: expected 1 to 19 letters and digits";
    let no_amount = "amount: expected 1 to 9999999999999 VND";
    let strange =
        "content: expected letters, digits, spaces and ASCII signs, found another character";
    let more = |name, value| vec![ok[0], ok[1], (name, value)];
    for (given, expected) in [
        (vec![ok[1]], no_bank),
        (vec![ok[1], ("bank", "")], no_bank),
        (vec![ok[1], ("bank", "97043")], no_bank),
        (vec![ok[1], ("bank", "٩٧٠٤٣٦")], no_bank),
        (vec![ok[0]], no_account),
        (vec![ok[0], ("account", "")], no_account),
        (vec![ok[0], ("account", "0071 000")], no_account),
        (vec![ok[0], ("account", "tài")], no_account),
        (vec![ok[0], ("account", "01234567890123456789")], no_account),
        (more("amount", "0"), no_amount),
        (more("amount", "-1"), no_amount),
        (more("amount", "10000000000000"), no_amount),
        (more("amount", "1.5"), "amount: expected whole VND, found a fraction"),
        (more("amount", "150,000"), "amount: expected whole VND, found text that is no number"),
        (more("amount", ""), "amount: expected whole VND, found text that is no number"),
        (more("content", ""), "content: expected 1 to 25 characters, found 0"),
        (
            more("content", "12345678901234567890123456"),
            "content: expected 1 to 25 characters, found 26",
        ),
        (more("content", " DH001"), "content: expected no space at either end"),
        (more("content", "DH001 "), "content: expected no space at either end"),
        (more("content", "DH001\n"), strange),
        (more("content", "DH\u{a0}001"), strange),
        (more("content", "€1"), strange),
        (more("amont", "1"), "amont: unknown parameter; did you mean amount?"),
        (more("account", "1"), "account: expected once, found twice"),
    ] {
        let told = VietQr::read(given.clone()).map(|code| code.payload());
        let told = told.map_err(|error| error.to_string());
        assert_eq!(told, Err(expected.to_owned()), "{given:?}");
    }
}

#[test]
fn a_name_is_checked_without_a_value_too() {
    for name in VietQr::NAMES {
        assert_eq!(VietQr::check_name(name.ours()), Ok(()));
    }
    let told = VietQr::check_name("addInfo").unwrap_err().to_string();
    assert_eq!(told, "addInfo: unknown parameter; did you mean content?");
}

#[test]
fn the_bounds_are_within() {
    let longest = pairs(
        "VCB",
        "0123456789012345678",
        Some("9999999999999"),
        Some("1234567890123456789012345"),
    );
    let payload = VietQr::read(longest).unwrap().payload();
    assert_eq!(payload.len(), 150);
    let root: HashMap<_, _> = objects(&payload).into_iter().collect();
    assert_eq!((root["54"], root["62"]), ("9999999999999", "08251234567890123456789012345"));
    // As SePay writes amounts; the code has no decimals.
    let payload = VietQr::read(pairs("VCB", "1", Some("150000.00"), None)).unwrap().payload();
    assert!(payload.contains("54061500005802VN"), "{payload}");
}

#[test]
fn a_code_is_built_step_by_step_too() {
    let code = |dong| {
        let bank = Bank::new("bank", "ICB")?;
        let amount = Vnd::new(dong).expect("an amount");
        VietQr::new(bank, "113366668888")?.with_amount(amount)?.with_content("Ung Ho Quy Vac Xin")
    };
    let built = code(79_000).unwrap();
    assert_eq!(
        (built.payload().as_str(), built.bank().name()),
        (PUBLISHED[0].4, Some("VietinBank"))
    );
    assert!(
        matches!(code(0), Err(Error::InvalidParameter { parameter, .. }) if parameter == "amount")
    );
}

// Banks.

#[test]
fn every_bank_is_found_by_each_of_its_names_and_by_nothing_else() {
    let banks: Vec<Bank> = Bank::all().collect();
    assert_eq!(banks.len(), 57);
    let mut known: HashMap<String, String> = HashMap::new();
    for bank in &banks {
        let (name, code) = (bank.name().expect("a name"), bank.code().expect("a code"));
        assert!(bank.bin().len() == 6 && bank.bin().bytes().all(|byte| byte.is_ascii_digit()));
        for text in [name, code, bank.bin(), &name.to_lowercase(), &code.to_uppercase()] {
            assert_eq!(Bank::new("bank", text).as_ref(), Ok(bank), "{text}");
            let other = known.insert(text.to_lowercase(), bank.bin().to_owned());
            assert!(other.is_none_or(|bin| bin == bank.bin()), "{text} is two banks");
        }
    }
    let sorted = banks.is_sorted_by_key(|bank| bank.name().unwrap_or_default().to_lowercase());
    assert!(sorted, "a list by name is easy to look through");
}

/// The rows of SePay's own list that its plugins and the sandbox have.
#[test]
fn the_banks_that_sepay_names_have_its_codes_and_bins() {
    for (name, code, bin) in [
        ("VietinBank", "ICB", "970415"),
        ("Vietcombank", "VCB", "970436"),
        ("BIDV", "BIDV", "970418"),
        ("ACB", "ACB", "970416"),
        ("MBBank", "MB", "970422"),
        ("VPBank", "VPB", "970432"),
    ] {
        let bank = Bank::new("bank", name).unwrap();
        assert_eq!((bank.code(), bank.bin()), (Some(code), bin));
        let json = format!(r#"{{"name":"{name}","code":"{code}","bin":"{bin}"}}"#);
        assert_eq!(serde_json::to_string(&bank).unwrap(), json);
    }
    let unlisted = Bank::new("bank", "123456").unwrap();
    assert_eq!(
        serde_json::to_string(&unlisted).unwrap(),
        r#"{"name":null,"code":null,"bin":"123456"}"#
    );
}

#[test]
fn a_misspelled_bank_is_told_the_likest() {
    for (given, likest) in [
        ("Vietcombnk", "Vietcombank"),
        ("tech combank", "Techcombank"),
        ("Sacom bank", "Sacombank"),
    ] {
        let told = Bank::new("bank", given).unwrap_err().to_string();
        assert!(told.ends_with(&format!("; did you mean {likest}?")), "{told}");
    }
    assert!(!Bank::new("bank", "xyzzy").unwrap_err().to_string().contains("did you mean"));
}

// Helpers.

fn pairs(
    bank: &str,
    account: &str,
    amount: Option<&str>,
    content: Option<&str>,
) -> Vec<(&'static str, String)> {
    let all = [
        ("bank", Some(bank)),
        ("account", Some(account)),
        ("amount", amount),
        ("content", content),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned()))).collect()
}

/// The content that a code holds for a content that is given.
fn content_of(given: &str) -> Result<String, String> {
    let code =
        VietQr::read(pairs("VCB", "1", None, Some(given))).map_err(|error| error.to_string())?;
    let payload = code.payload();
    let root: HashMap<_, _> = objects(&payload).into_iter().collect();
    Ok(objects(root["62"])[0].1.to_owned())
}

/// Reads objects as EMVCo writes them (3.2): an ID of two digits, a length of two digits, and so many characters.
fn objects(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length: usize = rest[2..4].parse().expect("a length");
        found.push((&rest[..2], &rest[4..4 + length]));
        rest = &rest[4 + length..];
    }
    found
}

/// The same checksum as the remainder of a long division of bits, in hex.
fn crc_by_division(text: &str) -> String {
    let mut bits: Vec<bool> = text
        .bytes()
        .chain([0, 0])
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
        .collect();
    for bit in &mut bits[..16] {
        *bit = !*bit;
    }
    // x^16 + x^12 + x^5 + 1
    for at in 0..bits.len() - 16 {
        if bits[at] {
            for power in [0, 4, 11, 16] {
                bits[at + power] = !bits[at + power];
            }
        }
    }
    let rest = bits[bits.len() - 16..].iter().fold(0_u16, |rest, bit| rest << 1 | u16::from(*bit));
    format!("{rest:04X}")
}
