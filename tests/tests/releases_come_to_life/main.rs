//! What becomes of an upload, on the real cluster: an app at its own address, or a reason why not.

mod an_upload_becomes_an_app;
mod archives_are_refused_with_all_that_is_wrong;
mod builds_end_with_a_reason;
mod earlier_releases_run_again;
mod events_get_lost_and_come_twice;
mod newer_uploads_win;
mod nothing_secret_is_left_behind;
mod what_does_not_come_up_is_put_back;
