//! Apps fall asleep when nobody uses them; whoever asks for one wakes it, and gets its answer.

mod a_function_wakes_apps;
mod browsers_wake_apps;
mod hours_keep_apps_awake;
mod idle_apps_fall_asleep;
mod requests_wait_for_their_app;
mod the_waker_is_confined;
mod visitors_see_a_page;
mod what_does_not_wake_says_why;
