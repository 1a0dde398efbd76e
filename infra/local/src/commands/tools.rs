//! Makes the programs available that the project is checked with, and prints the folder they are in.

use crate::instance::Instance;
use crate::parts;
use crate::progress::Progress;

pub(crate) async fn run(instance: &Instance) -> anyhow::Result<()> {
    println!("{}", parts::prepare_tools(instance, Progress::start()).await?.display());
    Ok(())
}
