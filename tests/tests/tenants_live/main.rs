//! The life of tenants: how they come, change and go, whatever happens on the way.

mod clusters_take_tenants;
mod credentials_rotate;
mod deletions_end;
mod events_in_any_order;
mod faults_of_the_cluster_and_of_aws_pass;
mod killed_functions_leave_nothing_half_made;
mod plans_are_the_operators;
mod signup_becomes_a_tenant;
