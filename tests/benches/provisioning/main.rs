//! How fast signups become tenants, and what that costs; prints a table and writes it to a file.

mod cost;
mod revocation;
mod signups;

use anyhow::Result;
use roost_tests::function::released;
use roost_tests::report::Report;

#[tokio::main]
async fn main() -> Result<()> {
    let function = released("provision-tenant");
    let mut report = Report::default();
    cost::measure(&function, &mut report).await?;
    signups::measure(&function, &mut report).await?;
    revocation::measure(&function, &mut report).await?;
    report.write("provisioning")
}
