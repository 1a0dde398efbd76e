//! The console, as people with a browser use it, and as those who mean harm try to.

mod owner_at_a_screen;
mod owners_look_after_their_apps;
mod pages_keep_nobody_out;
mod strangers_get_nothing;
