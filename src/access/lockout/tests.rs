use std::time::Duration;

use super::{Guess, Subject, network, rule::Failures};
use crate::base::Instant;

fn start() -> Instant {
    Instant::parse("2026-01-15T10:30:00Z").unwrap()
}

/// Fails so many times, so far apart; then, how long the wait is after each.
fn waits(subject: Subject, times: usize, apart: Duration) -> Vec<u64> {
    let (mut now, mut failures, mut waits) = (start(), Failures::default(), Vec::new());
    for _ in 0..times {
        failures = failures.after(subject.rule(), now);
        waits.push(failures.wait_until.map_or(0, |u| u.since(now).as_secs()));
        // Nobody gets through before the wait is over.
        now = failures
            .wait_until
            .map_or(now, |until| until.max(now))
            .after(apart);
    }
    waits
}

#[test]
fn the_fifth_failure_for_an_account_from_a_network_begins_a_wait_that_doubles_to_15_minutes() {
    let waits = waits(Subject::Pair, 12, Duration::from_secs(1));
    assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
}

#[test]
fn five_failures_count_within_15_minutes_wherever_those_begin() {
    let apart = |seconds: u64| waits(Subject::Pair, 9, Duration::from_millis(seconds * 250));
    assert_eq!(apart(900), [0; 9], "four times 225 seconds are 15 minutes");
    assert_eq!(apart(899)[..6], [0, 0, 0, 0, 30, 60]);
}

#[test]
fn after_15_quiet_minutes_counting_begins_anew() {
    let mut failures = Failures::default();
    for _ in 0..7 {
        failures = failures.after(Subject::Pair.rule(), start());
    }
    let until = failures.wait_until.unwrap();
    let quiet = Duration::from_secs(900);
    assert_eq!(failures.expire_at(Subject::Pair.rule()), until.after(quiet));
    let again = failures.after(Subject::Pair.rule(), until.after(quiet));
    assert_eq!((again.level, again.wait_until), (0, None));
}

#[test]
fn the_twentieth_failure_from_an_address_begins_a_wait() {
    let waits = waits(Subject::Address, 27, Duration::from_secs(1));
    assert_eq!(waits[..19], [0; 19]);
    assert_eq!(waits[19..], [30, 60, 120, 240, 480, 900, 900, 900]);
}

#[test]
fn over_50_failures_an_hour_an_account_is_tried_every_10_seconds() {
    let waits = waits(Subject::Account, 60, Duration::from_secs(1));
    assert_eq!(waits[..50], [0; 50]);
    assert_eq!(waits[50..], [10; 10]);
    let slow = self::waits(Subject::Account, 60, Duration::from_secs(72));
    assert_eq!(slow, [0; 60], "50 an hour are not over 50");
}

#[test]
fn an_address_that_has_no_account_is_counted_in_any_case_and_not_kept() {
    let guess = |email| Guess::new(None, email, "203.0.113.9".parse().unwrap(), false);
    let names = |email| -> Vec<String> { guess(email).subjects().map(|(_, name)| name).collect() };
    assert_eq!(names("Nobody@Example.com"), names(" nobody@example.com"));
    assert!(!names("nobody@example.com").concat().contains("nobody"));
    assert_eq!(names("nobody@example.com").len(), 3);
}

#[test]
fn networks_are_a_24_of_ipv4_and_a_64_of_ipv6() {
    let of = |address: &str, bits| network(address.parse().unwrap(), bits);
    assert_eq!(of("203.0.113.9", 24), "203.0.113.0/24");
    assert_eq!(of("::ffff:203.0.113.9", 32), "203.0.113.9/32");
    assert_eq!(of("2001:db8:1:2:3:4:5:6", 24), "2001:db8:1:2::/64");
}
