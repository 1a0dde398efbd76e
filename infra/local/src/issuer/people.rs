//! Who has signed up: they are known by names here, and by ids everywhere else.

use anyhow::Context;
use roost_aws::table::{PageRequest, Table};
use roost_domain::tenant::Tenant;

use crate::install::{aws, stack};
use crate::instance::Instance;

/// Somebody who has signed up.
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
}

/// The id of whoever has signed up by that name; otherwise it is the id itself.
pub(crate) async fn id_of(instance: &Instance, who: &str) -> anyhow::Result<String> {
    let table = table(instance).await?;
    let mut request = PageRequest { after: None, limit: 100 };
    loop {
        let (people, next) = page(&table, &request).await?;
        if let Some(found) = people.into_iter().find(|person| person.name.eq_ignore_ascii_case(who)) {
            return Ok(found.id);
        }
        match next {
            Some(next) => request.after = Some(next),
            None => return Ok(who.to_owned()),
        }
    }
}

/// The first ones, for a page on which one of them is chosen.
pub(super) async fn first(instance: &Instance, most: i32) -> anyhow::Result<Vec<Person>> {
    let request = PageRequest { after: None, limit: most };
    Ok(page(&table(instance).await?, &request).await?.0)
}

async fn table(instance: &Instance) -> anyhow::Result<Table> {
    let outputs = stack::outputs(instance)?;
    let table = outputs.get("TableName").context("the stack has no output TableName")?;
    Ok(Table::new(aws_sdk_dynamodb::Client::new(&aws::configuration(instance).await), table.clone()))
}

async fn page(table: &Table, request: &PageRequest) -> anyhow::Result<(Vec<Person>, Option<String>)> {
    let page = table.tenants_page(request).await?;
    let named = |tenant: Tenant| tenant.profile.map(|profile| Person { id: tenant.id.to_string(), name: profile.name });
    Ok((page.items.into_iter().filter_map(named).collect(), page.next))
}
