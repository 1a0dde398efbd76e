//! The issuer that stands for the website's sign-in: this program itself.

use std::env;

use super::LIMIT;
use crate::instance::{ISSUER, Instance};
use crate::issuer;
use crate::node::part::{Health, Part};

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    issuer::prepare(instance)?;
    let address = issuer::address(instance);
    Ok(Part {
        name: ISSUER.name.to_owned(),
        program: env::current_exe()?,
        arguments: vec!["issuer".to_owned()],
        environment: Vec::new(),
        needs: &[],
        needs_files: Vec::new(),
        health: Health::Http(format!("{address}/keys.json")),
        limit: LIMIT,
        address,
    })
}
