//! The table of figures, and whether the goals are reached.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

/// All figures so far.
#[derive(Default)]
pub(crate) struct Figures {
    rows: Vec<String>,
    missed: Vec<String>,
}

impl Figures {
    /// Shows a figure.
    pub(crate) fn show(&mut self, what: &str, figure: f64, unit: &str) {
        println!("{what:<72}{figure:>10.1} {unit}");
        self.rows.push(format!("| {what} | {figure:.1} {unit} | |"));
    }

    /// Shows a figure that is to stay below a limit.
    pub(crate) fn below(&mut self, what: &str, figure: f64, limit: f64, unit: &str) {
        println!("{what:<72}{figure:>10.1} {unit} (goal: below {limit})");
        self.rows.push(format!("| {what} | {figure:.1} {unit} | below {limit} |"));
        if figure >= limit {
            self.missed.push(format!("{what}: {figure:.1} {unit}"));
        }
    }

    /// Writes the table, and fails if a goal was missed.
    pub(crate) fn judge(self) -> Result<()> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench");
        fs::create_dir_all(&folder)?;
        let table = format!("| what | measured | goal |\n|---|---|---|\n{}\n", self.rows.join("\n"));
        fs::write(folder.join("waking.md"), table)?;
        ensure!(self.missed.is_empty(), "goals missed: {}", self.missed.join("; "));
        Ok(())
    }
}

/// The value that so many of a hundred do not exceed.
pub(crate) fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(index).copied().unwrap_or(f64::NAN)
}
