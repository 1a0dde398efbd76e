//! The API tells nobody anything that is not theirs, and does nothing for them.

mod agents_come_with_tokens;
mod forged_tokens_do_not_count;
mod hostile_connections;
mod requests_are_bounded;
mod strangers_see_nothing;
mod the_website_acts_for_users;
