//! The registry gives nobody anything without a token, and with one nothing but what the token says: tenants cannot
//! read, write, list or delete one another's images, nor run them.

mod nodes_pull_for_the_tenant_only;
mod only_the_platforms_tokens_count;
mod tenants_images_are_apart;
mod the_functions_client_sees_images;
mod tokens_are_for_the_tenants_own;
