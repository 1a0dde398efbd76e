//! Prints a token with which somebody uses the API.

use anyhow::Context;
use roost_aws::table::{PageRequest, Table};

use crate::install::identity::{self, Bearer};
use crate::install::{aws, stack};
use crate::instance::Instance;

const WEBSITE: &str = "website";

pub(crate) async fn run(instance: &Instance, who: &str) -> anyhow::Result<()> {
    let token = match who {
        WEBSITE => identity::token(instance, &Bearer::Website)?,
        who => identity::token(instance, &Bearer::User(&id_of(instance, who).await?))?,
    };
    println!("{token}");
    Ok(())
}

/// The id of whoever has signed up by that name; otherwise it is the id itself.
async fn id_of(instance: &Instance, who: &str) -> anyhow::Result<String> {
    let outputs = stack::outputs(instance)?;
    let table = outputs.get("TableName").context("the stack has no output TableName")?;
    let table = Table::new(aws_sdk_dynamodb::Client::new(&aws::configuration(instance).await), table.clone());
    let mut request = PageRequest { after: None, limit: 100 };
    loop {
        let page = table.tenants_page(&request).await?;
        let is_it = |name: Option<&str>| name.is_some_and(|name| name.eq_ignore_ascii_case(who));
        let found =
            page.items.iter().find(|tenant| is_it(tenant.profile.as_ref().map(|profile| profile.name.as_str())));
        if let Some(tenant) = found {
            return Ok(tenant.id.to_string());
        }
        match page.next {
            Some(next) => request.after = Some(next),
            None => return Ok(who.to_owned()),
        }
    }
}
