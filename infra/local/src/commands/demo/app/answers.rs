//! What the running application answers.

use super::visit::Visitor;

/// Fetches a page and an answer of the API; each must come from its component.
pub(super) async fn show(visitor: &Visitor, greeting: &str) -> anyhow::Result<()> {
    println!("\n{}", visitor.address);
    visitor.until_answered("/", &format!("<h1>{greeting}</h1>")).await?;
    println!("✓ GET /           web: {greeting}");
    let answer = visitor.until_answered("/api/hello", "\"path\": \"/api/hello\"").await?;
    println!("✓ GET /api/hello  api: {answer}");
    Ok(())
}
