//! The function that answers for apps which are asleep, where the gateway has no waker within reach. It holds no requests.

mod places;
mod reception;
mod waking;

use places::Places;
use roost_function_url::InvokeMode;
use roost_runtime::{Foundation, SettingsError};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let base_domain = std::env::var("ROOST_BASE_DOMAIN").map_err(|_| SettingsError::Missing("ROOST_BASE_DOMAIN"))?;
    let places = Places::new(Foundation::start().await?, base_domain);
    roost_function_url::serve(reception::router(places), InvokeMode::Buffered).await
}
