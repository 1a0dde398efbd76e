//! Prints a token with which somebody uses the API.

use crate::instance::Instance;
use crate::issuer::{self, Bearer};

const WEBSITE: &str = "website";

pub(crate) async fn run(instance: &Instance, who: &str) -> anyhow::Result<()> {
    let token = match who {
        WEBSITE => issuer::token(instance, &Bearer::Website)?,
        who => issuer::token(instance, &Bearer::User(&issuer::id_of(instance, who).await?))?,
    };
    println!("{token}");
    Ok(())
}
