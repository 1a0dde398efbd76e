//! What an owner does with projects over HTTP, from the first upload to a rollback.

mod an_app_is_put_to_sleep_and_woken;
mod answers_are_not_repeated;
mod lists_come_in_pages;
mod owner;
mod projects_end;
mod releases_are_followed_and_undone;
mod usage_and_keys;
