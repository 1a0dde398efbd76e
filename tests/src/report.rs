//! The table of figures.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

/// Figures, each with its goal.
#[derive(Default)]
pub struct Report {
    rows: Vec<[String; 3]>,
}

impl Report {
    /// Adds a figure, and shows it at once.
    pub fn add(&mut self, what: impl Into<String>, figure: impl Into<String>, goal: &str) {
        let row = [what.into(), figure.into(), goal.to_owned()];
        println!("{:<62} {:>28}   {}", row[0], row[1], row[2]);
        self.rows.push(row);
    }

    /// Writes the table to `target/bench`.
    pub fn write(&self, name: &str) -> Result<()> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench").join(name).with_extension("md");
        let mut text = "| what | measured | goal |\n|---|---|---|\n".to_owned();
        for [what, figure, goal] in &self.rows {
            writeln!(text, "| {what} | {figure} | {goal} |")?;
        }
        std::fs::create_dir_all(file.parent().context("the report goes into a folder")?)?;
        std::fs::write(&file, text)?;
        println!("\nwritten to {}", file.display());
        Ok(())
    }
}

/// A share of values that need not be sorted.
#[must_use]
pub fn quantile_of(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile(&sorted, share)
}

/// The value below which `share` of the sorted values lie.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or(f64::NAN)
}
