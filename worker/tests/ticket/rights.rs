//! What a ticket may do, when it is made and when it is used.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_oneof, proptest};
use proptest::sample::{select, subsequence};
use proptest::{prop_assert, prop_assert_eq};

use super::*;

fn refused(wish: Wish, caller: &Caller) -> String {
    grant(&wish, caller, "f", "j", NOW_MS).err().expect("refused").to_string()
}

fn limited(change: impl FnOnce(&mut Rights)) -> Caller {
    let mut key = key();
    change(&mut key.rights);
    key
}

#[test]
fn what_goes_beyond_the_key_is_refused() {
    let numbers =
        |numbers: &[&str]| Some(numbers.iter().map(|&n| n.to_owned()).collect::<Vec<_>>());
    let accounts = |named: &[&str]| Wish { accounts: numbers(named), ..Wish::default() };
    let code = || Wish { code: Some("DH001".to_owned()), ..Wish::default() };
    let amount = || Wish { amount: Vnd::new(1).ok(), ..Wish::default() };
    let scopes = |scopes: &[Scope]| Wish { scopes: scopes.to_vec(), ..Wish::default() };
    let hiding = |ours: &str, wish: Wish| Wish { hide: hidden(&[ours]), ..wish };
    let ticket = Caller { ticket: Some("j".to_owned()), ..key() };
    let hides = |ours: &str| limited(|rights| rights.hide = hidden(&[ours]));
    let both = [Scope::AccountsRead, Scope::TransactionsRead];
    for (told, wish, caller) in [
        ("ticket: a ticket makes", Wish::default(), ticket),
        ("ticket: the key lacks", Wish::default(), limited(|r| r.scopes = both.to_vec())),
        ("scopes: a ticket has", scopes(&[Scope::TicketsWrite]), key()),
        (
            "scopes: a ticket has",
            scopes(&[Scope::AuditRead]),
            limited(|r| r.scopes = Scope::ALL.to_vec()),
        ),
        ("scopes: the key lacks", scopes(&both), limited(|r| r.scopes.retain(|s| *s != both[0]))),
        (
            "scopes: the key lacks",
            Wish::default(),
            limited(|r| r.scopes = vec![both[0], Scope::TicketsWrite]),
        ),
        ("scopes: a ticket with code", Wish { scopes: both.to_vec(), ..code() }, key()),
        ("scopes: a ticket with code", Wish { scopes: both.to_vec(), ..amount() }, key()),
        (
            "accounts: the key does not see",
            accounts(&["1", "2"]),
            limited(|r| r.accounts = numbers(&["1"])),
        ),
        (
            "accounts: the key does not see",
            accounts(&["1"]),
            limited(|r| r.accounts = numbers(&[])),
        ),
        ("accounts: accountNumber is hidden", accounts(&["1"]), hides("accountNumber")),
        ("accounts: accountNumber is", hiding("accountNumber", accounts(&["1"])), key()),
        ("code: code is hidden", code(), hides("code")),
        ("code: code is hidden", hiding("code", code()), key()),
        ("amount: amountIn is hidden", amount(), hides("amountIn")),
        ("amount: amountIn is hidden", hiding("amountIn", amount()), key()),
        ("code: the key is limited", code(), limited(|r| r.code = Some("DH002".to_owned()))),
        ("amount: the key is limited", amount(), limited(|r| r.amount = Some(Vnd::MAX))),
        ("ttlSeconds: the key", Wish::default(), Caller { expires_ms: Some(NOW_MS), ..key() }),
        (
            "ttlSeconds: the key",
            Wish::default(),
            Caller { expires_ms: Some(NOW_MS + 999), ..key() },
        ),
        ("ttlSeconds: the key", Wish::default(), Caller { expires_ms: Some(0), ..key() }),
    ] {
        let refusal = refused(wish, &caller);
        assert!(refusal.starts_with(told), "{refusal}");
        assert!(!refusal.contains("DH00"), "{refusal}");
    }
}

#[test]
fn a_field_is_named_as_the_wish_names_it() {
    let not = grant(&Wish::default(), &limited(|r| r.scopes.clear()), "f", "j", NOW_MS).err();
    let expected = NotGranted { field: "ticket", reason: "the key lacks the scope tickets:write" };
    assert_eq!(not, Some(expected));
}

#[test]
fn a_ticket_is_good_from_its_making_to_the_second_it_ends() {
    let wish = Wish { ttl_seconds: 60, ..Wish::default() };
    let claims = grant(&wish, &key(), "f", "j", NOW_MS + 999).ok().unwrap();
    assert_eq!((claims.iat, claims.exp), (NOW_MS / 1000, NOW_MS / 1000 + 60));
    let used = |now_ms| narrowed(&claims, &key(), now_ms);
    assert!(used(NOW_MS).is_some() && used(NOW_MS + 59_999).is_some());
    assert!(used(NOW_MS + 60_000).is_none() && used(u64::MAX).is_none());
    // Clocks may differ by a minute.
    assert!(used(NOW_MS - 60_000).is_some() && used(NOW_MS - 60_001).is_none());
    assert_eq!(used(NOW_MS).unwrap().expires_ms, Some(NOW_MS + 60_000));
}

#[test]
fn a_ticket_ends_with_its_key_whenever_that_is() {
    let ends = |ms| Caller { expires_ms: Some(NOW_MS + ms), ..key() };
    let claims = grant(&Wish::default(), &ends(30_500), "f", "j", NOW_MS).ok().unwrap();
    assert_eq!(claims.exp, NOW_MS / 1000 + 30, "not after the key");
    let long = grant(&Wish::default(), &key(), "f", "j", NOW_MS).ok().unwrap();
    assert_eq!(narrowed(&long, &ends(5000), NOW_MS).unwrap().expires_ms, Some(NOW_MS + 5000));
    assert!(narrowed(&long, &ends(5000), NOW_MS + 5000).is_none());
}

#[test]
fn signed_claims_that_no_grant_makes_are_worth_nothing_more() {
    let good = claims();
    let used = |change: &dyn Fn(&mut Claims)| {
        let mut claims = good.clone();
        change(&mut claims);
        narrowed(&claims, &limited(|r| r.scopes = Scope::ALL.to_vec()), NOW_MS)
    };
    assert!(used(&|_| {}).is_some());
    assert!(used(&|claims| claims.exp = claims.iat + 3601).is_none(), "longer than any");
    assert!(used(&|claims| claims.exp = claims.iat - 1).is_none());
    assert!(used(&|claims| claims.exp = u64::MAX).is_none());
    assert!(used(&|claims| (claims.iat, claims.exp) = (u64::MAX, u64::MAX)).is_none());
    assert!(used(&|claims| claims.sub = "shop2".to_owned()).is_none(), "another key's");
    assert!(used(&|claims| claims.hide = vec!["ballance".to_owned()]).is_none());
    assert!(used(&|claims| claims.amount = Some(i64::MAX)).is_none());
    let scopes =
        |scope: &str| used(&|claims| claims.scope = scope.to_owned()).unwrap().rights.scopes;
    let every = "accounts:read transactions:read metrics:read tickets:write audit:read new:one";
    assert_eq!(scopes(every), [Scope::TransactionsRead], "with code or amount no accounts");
    assert_eq!(scopes(""), []);
    let open = used(&|claims| {
        claims.scope = every.to_owned();
        (claims.code, claims.amount) = (None, None);
    });
    assert_eq!(open.unwrap().rights.scopes, [Scope::AccountsRead, Scope::TransactionsRead]);
}

#[test]
fn who_comes_with_a_ticket_is_the_key_with_less() {
    let caller = narrowed(&claims(), &key(), NOW_MS).unwrap();
    assert_eq!((caller.id.as_str(), caller.ticket.as_deref()), ("shop", Some("7f0c")));
    assert_eq!((caller.profile.as_str(), caller.requests_per_minute), ("default", Some(60)));
    let told = r#"{"scopes":["transactions:read"],"accounts":["0071000888888"],"code":"DH001","amount":2277000,"hide":["balance"],"fromDays":null}"#;
    assert_eq!(rights_json(&caller.rights).as_deref(), Some(told));
    assert_eq!(refused(Wish::default(), &caller), "ticket: a ticket makes no tickets");
}

#[test]
fn rights_are_told_without_what_they_hide() {
    let of = |hide: &[&str]| Rights {
        accounts: Some(vec!["007".to_owned()]),
        hide: hidden(hide),
        from_days: Some(30),
        code: Some("DH001".to_owned()),
        amount: Some(Vnd::MAX),
        ..Rights::default()
    };
    let told = |rights: &Rights| rights_json(rights).unwrap();
    assert_eq!(
        told(&of(&[])),
        r#"{"scopes":[],"accounts":["007"],"code":"DH001","amount":9007199254740991,"hide":[],"fromDays":30}"#
    );
    assert_eq!(
        told(&of(&["accountNumber", "code", "amountIn"])),
        r#"{"scopes":[],"accounts":null,"code":null,"amount":null,"hide":["accountNumber","code","amountIn"],"fromDays":30}"#
    );
    assert_eq!(
        told(&Rights::default()),
        r#"{"scopes":[],"accounts":null,"code":null,"amount":null,"hide":[],"fromDays":null}"#
    );
}

// Properties.

const NUMBERS: [&str; 4] = ["1", "01", "007", "7"];

/// A way in which a part of some rights is chosen, as plain values that can be shown.
#[derive(Debug, Clone)]
struct Choice {
    scopes: Vec<Scope>,
    accounts: Option<Vec<&'static str>>,
    hide: Vec<usize>,
    from_days: Option<u32>,
    code: Option<&'static str>,
    amount: Option<i64>,
    /// How long the key has, or the ticket is wished for, in milliseconds.
    left_ms: Option<u64>,
}

impl Choice {
    fn rights(&self) -> Rights {
        Rights {
            scopes: self.scopes.clone(),
            accounts: self.numbers(),
            hide: self.hide.iter().map(|&at| &FIELDS[at]).collect(),
            from_days: self.from_days,
            code: self.code.map(str::to_owned),
            amount: self.amount.map(|dong| Vnd::new(dong).unwrap()),
        }
    }

    fn numbers(&self) -> Option<Vec<String>> {
        let numbers = |numbers: &Vec<&str>| numbers.iter().map(|&n| n.to_owned()).collect();
        self.accounts.as_ref().map(numbers)
    }

    fn key(&self) -> Caller {
        let expires_ms = self.left_ms.map(|ms| NOW_MS + ms);
        Caller { rights: self.rights(), expires_ms, ..key() }
    }

    fn wish(&self) -> Wish {
        let rights = self.rights();
        Wish {
            ttl_seconds: self.left_ms.map_or(900, |ms| (ms / 1000).clamp(60, 3600)),
            scopes: rights.scopes,
            accounts: rights.accounts.filter(|numbers| !numbers.is_empty()),
            code: rights.code,
            amount: rights.amount,
            hide: rights.hide,
        }
    }
}

fn choice(scopes: impl Strategy<Value = Vec<Scope>>) -> impl Strategy<Value = Choice> {
    let accounts = option::of(subsequence(NUMBERS.to_vec(), 0..4));
    let hide = prop_oneof![3 => Just(vec![]), 1 => vec(0..FIELDS.len(), 0..4)];
    let code = prop_oneof![3 => Just(None), 1 => option::of(select(vec!["DH001", "DH002"]))];
    let amount = prop_oneof![3 => Just(None), 1 => option::of(select(vec![1, 2_277_000]))];
    let left_ms = option::of(0_u64..4_000_000);
    (scopes, accounts, hide, option::of(1_u32..40), code, amount, left_ms).prop_map(
        |(scopes, accounts, hide, from_days, code, amount, left_ms)| Choice {
            scopes,
            accounts,
            hide,
            from_days,
            code,
            amount,
            left_ms,
        },
    )
}

fn key_choice() -> impl Strategy<Value = Choice> {
    let usual = [Scope::TicketsWrite, Scope::AccountsRead, Scope::TransactionsRead].to_vec();
    choice(prop_oneof![3 => Just(usual), 1 => subsequence(Scope::ALL.to_vec(), 0..=5)])
}

fn wish_choice() -> impl Strategy<Value = Choice> {
    let usual = [Scope::TransactionsRead].to_vec();
    choice(prop_oneof![2 => Just(usual), 1 => subsequence(Scope::ALL.to_vec(), 1..=5)])
}

fn is_within<T: PartialEq>(less: Option<&T>, more: Option<&T>) -> bool {
    more.is_none() || less == more
}

/// Whether who has `less` gets nothing that who has `more` does not get.
fn is_at_most(less: &Rights, more: &Rights) -> bool {
    let accounts = match (&less.accounts, &more.accounts) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(less), Some(more)) => less.iter().all(|number| more.contains(number)),
    };
    let days = |rights: &Rights| rights.from_days.unwrap_or(u32::MAX);
    accounts
        && less.scopes.iter().all(|scope| more.scopes.contains(scope))
        && more.hide.iter().all(|field| less.hide.contains(field))
        && days(less) <= days(more)
        && is_within(less.code.as_ref(), more.code.as_ref())
        && is_within(less.amount.as_ref(), more.amount.as_ref())
}

/// A wish as rights.
fn wished(wish: &Wish) -> Rights {
    Rights {
        scopes: wish.scopes.clone(),
        accounts: wish.accounts.clone(),
        hide: wish.hide.clone(),
        from_days: None,
        code: wish.code.clone(),
        amount: wish.amount,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 8192, ..ProptestConfig::default() })]

    #[test]
    fn a_ticket_never_has_more_than_its_key_had_then_and_has_now(
        then in key_choice(), wish in wish_choice(), now in key_choice(), later_ms in 0_u64..4_000_000
    ) {
        let wish = wish.wish();
        if let Ok(claims) = grant(&wish, &then.key(), "f", "j", NOW_MS) {
            for key in [then.key(), now.key()] {
                if let Some(caller) = narrowed(&claims, &key, NOW_MS + later_ms) {
                    let end_ms = caller.expires_ms.unwrap_or(u64::MAX);
                    prop_assert!(is_at_most(&caller.rights, &key.rights));
                    prop_assert!(is_at_most(&caller.rights, &wished(&wish)));
                    prop_assert!(end_ms <= key.expires_ms.unwrap_or(u64::MAX));
                    prop_assert!(end_ms <= then.key().expires_ms.unwrap_or(u64::MAX));
                    prop_assert!(end_ms <= NOW_MS + wish.ttl_seconds * 1000);
                    prop_assert!(NOW_MS + later_ms < end_ms);
                    let read = |scope: &Scope| matches!(scope, Scope::AccountsRead | Scope::TransactionsRead);
                    prop_assert!(caller.rights.scopes.iter().all(read));
                    let of_payment = caller.rights.code.is_some() || caller.rights.amount.is_some();
                    prop_assert!(!(of_payment && caller.may(Scope::AccountsRead)));
                }
            }
            let caller = narrowed(&claims, &then.key(), NOW_MS + later_ms);
            prop_assert!(later_ms > 0 || caller.is_some(), "good at once");
        }
    }

    #[test]
    fn what_is_granted_is_the_whole_wish(then in key_choice(), wish in wish_choice()) {
        let (wish, key) = (wish.wish(), then.key());
        if let Ok(claims) = grant(&wish, &key, "f", "j", NOW_MS) {
            let rights = narrowed(&claims, &key, NOW_MS).unwrap().rights;
            // A key of one payment reads no accounts, whatever else was granted.
            let of_payment = rights.code.is_some() || rights.amount.is_some();
            prop_assert!(of_payment || rights.scopes == wish.scopes);
            prop_assert!(is_within(rights.code.as_ref(), wish.code.as_ref()));
            prop_assert!(is_within(rights.amount.as_ref(), wish.amount.as_ref()));
            prop_assert!(wish.accounts.is_none() || rights.accounts == wish.accounts);
            prop_assert!(wish.accounts.is_some() || rights.accounts == key.rights.accounts);
            prop_assert_eq!(rights.from_days, key.rights.from_days);
        } else {
            let reads = key.may(Scope::TransactionsRead);
            // The simplest wish of all is refused only to who may make none or read nothing, or is over.
            let simplest = grant(&Wish::default(), &key, "f", "j", NOW_MS).is_ok();
            let over = key.expires_ms.is_some_and(|ms| ms < NOW_MS + 1000);
            prop_assert_eq!(simplest, reads && key.may(Scope::TicketsWrite) && !over);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_is_read_again_and_by_nobody_else(
        wish in wish_choice(), id in "[a-zA-Z0-9._-]{1,64}", jti in "[0-9a-fư\"]{1,36}", secret in "[!-~ưđ]{32,40}"
    ) {
        let wish = Wish { scopes: vec![Scope::TransactionsRead], ..wish.wish() };
        let mut claims = claims();
        (claims.sub, claims.jti, claims.code) = (id, jti, wish.code);
        claims.accounts = wish.accounts;
        let (own, bad) = Secrets::read(Some(&secret), Some(OLDER));
        if bad.is_none() {
            let ticket = own.sign(&claims).unwrap();
            prop_assert!(is_ticket(&ticket) && own.verify(&ticket) == Some(claims));
            prop_assert!(secrets(SECRET, Some(OLDER)).verify(&ticket).is_none());
        }
    }
}
