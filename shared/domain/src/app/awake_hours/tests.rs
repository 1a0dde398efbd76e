use super::*;

fn hours(text: &str) -> AwakeHours {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Whether a time is in some hours.
fn is_in(text: &str, time: &str) -> bool {
    hours(text).began(at(time)).is_some()
}

#[test]
fn hours_are_of_some_days_by_the_clocks_of_a_place() {
    let office = "mon-fri 08:00-18:00 Europe/Berlin";
    // In winter Berlin is an hour ahead, in summer two. The 6th of January 2025 was a Monday.
    for (time, expected) in [
        ("2025-01-06T06:59:59Z", false),
        ("2025-01-06T07:00:00Z", true),
        ("2025-01-06T16:59:59Z", true),
        ("2025-01-06T17:00:00Z", false),
        ("2025-01-05T12:00:00Z", false),
        ("2025-01-10T12:00:00Z", true),
        ("2025-01-11T12:00:00Z", false),
        ("2025-07-07T06:00:00Z", true),
        ("2025-07-07T16:00:00Z", false),
    ] {
        assert_eq!(is_in(office, time), expected, "{time}");
    }
    assert_eq!(hours(office).began(at("2025-01-06T12:00:00Z")), Some(at("2025-01-06T07:00:00Z")));
}

#[test]
fn hours_over_midnight_are_of_the_day_on_which_they_begin() {
    let night = "fri 22:00-02:00 UTC";
    for (time, expected) in [
        ("2025-01-10T21:59:59Z", false),
        ("2025-01-10T22:00:00Z", true),
        ("2025-01-11T01:59:59Z", true),
        ("2025-01-11T02:00:00Z", false),
        ("2025-01-10T01:00:00Z", false),
    ] {
        assert_eq!(is_in(night, time), expected, "{time}");
    }
    assert_eq!(hours(night).began(at("2025-01-11T01:00:00Z")), Some(at("2025-01-10T22:00:00Z")));
}

#[test]
fn days_in_a_row_may_go_over_the_end_of_a_week() {
    for (time, expected) in
        [("2025-01-09T12:00:00Z", false), ("2025-01-10T12:00:00Z", true), ("2025-01-12T12:00:00Z", true)]
    {
        assert_eq!(is_in("fri-mon 00:00-24:00 UTC", time), expected, "{time}");
    }
    assert!(is_in("fri-mon 00:00-24:00 UTC", "2025-01-13T23:59:59Z"));
    assert!(!is_in("fri-mon 00:00-24:00 UTC", "2025-01-14T00:00:00Z"));
}

#[test]
fn where_clocks_go_forward_hours_begin_and_end_by_the_new_time() {
    // In the night to the 30th of March 2025 there was no time between 2 and 3 in Berlin: at 1:00 UTC it was 3.
    let night = "sat-sun 02:30-04:00 Europe/Berlin";
    for (time, expected) in
        [("2025-03-30T01:29:59Z", false), ("2025-03-30T01:30:00Z", true), ("2025-03-30T02:00:00Z", false)]
    {
        assert_eq!(is_in(night, time), expected, "{time}");
    }
    let until_half_past = "sun 00:00-02:30 Europe/Berlin";
    assert!(is_in(until_half_past, "2025-03-30T01:29:59Z"));
    assert!(!is_in(until_half_past, "2025-03-30T01:30:00Z"));
}

#[test]
fn where_clocks_go_back_hours_begin_the_first_time_and_end_the_second() {
    // In the night to the 26th of October 2025 it was twice between 2 and 3 in Berlin: from 0:00 and from 1:00 UTC.
    let night = "sun 02:15-02:45 Europe/Berlin";
    for (time, expected) in [
        ("2025-10-26T00:14:59Z", false),
        ("2025-10-26T00:15:00Z", true),
        ("2025-10-26T01:00:00Z", true),
        ("2025-10-26T01:44:59Z", true),
        ("2025-10-26T01:45:00Z", false),
    ] {
        assert_eq!(is_in(night, time), expected, "{time}");
    }
}

#[test]
fn a_day_of_25_hours_is_a_whole_day() {
    let sunday = "sun 00:00-24:00 Europe/Berlin";
    assert!(is_in(sunday, "2025-10-25T22:00:00Z") && is_in(sunday, "2025-10-26T22:59:59Z"));
    assert!(!is_in(sunday, "2025-10-25T21:59:59Z") && !is_in(sunday, "2025-10-26T23:00:00Z"));
}

#[test]
fn where_hours_overlap_or_adjoin_the_last_beginning_counts() {
    let both = hours("mon 08:00-18:00, mon 12:00-20:00 UTC");
    assert_eq!(both.began(at("2025-01-06T11:00:00Z")), Some(at("2025-01-06T08:00:00Z")));
    assert_eq!(both.began(at("2025-01-06T13:00:00Z")), Some(at("2025-01-06T12:00:00Z")));
    assert_eq!(hours("mon-sun 00:00-24:00 UTC").began(at("2025-01-06T00:00:00Z")), Some(at("2025-01-06T00:00:00Z")));
}

#[test]
fn what_is_read_is_written_in_the_same_words() {
    for (written, read) in [
        ("mon-fri 08:00-18:00 Europe/Berlin", "mon-fri 08:00-18:00 Europe/Berlin"),
        (" Mon-Fri  08:00-18:00,SAT 10:00-00:00 europe/berlin", "mon-fri 08:00-18:00, sat 10:00-24:00 Europe/Berlin"),
        ("sun-sun 22:00-02:00 UTC", "sun 22:00-02:00 UTC"),
    ] {
        let text = String::from(hours(written));
        assert_eq!(text, read);
        assert_eq!(hours(&text), hours(written));
    }
}

#[test]
fn what_says_no_hours_is_refused_with_what_to_write() {
    use AwakeHoursError::{Day, Empty, Form, Time, Zone};
    let many = format!("{} UTC", ["mon 08:00-18:00"; 15].join(","));
    for (text, error) in [
        ("", Form),
        ("mon-fri", Form),
        ("08:00-18:00 UTC", Form),
        ("mon-fri 08:00-18:00", Form),
        (many.as_str(), Form),
        ("monday 08:00-18:00 UTC", Day),
        ("mon-fri-sun 08:00-18:00 UTC", Day),
        ("mon 8:00-18:00 UTC", Time),
        ("mon 08:00 UTC", Time),
        ("mon 08:00-25:00 UTC", Time),
        ("mon 24:00-08:00 UTC", Time),
        ("mon 08:00-18:60 UTC", Time),
        ("mon 08:00-08:00 UTC", Empty),
        ("mon 08:00-18:00 Europe/Springfield", Zone),
        ("mon 08:00-18:00 +02:00", Zone),
    ] {
        assert_eq!(text.parse::<AwakeHours>(), Err(error), "{text:?}");
    }
}
