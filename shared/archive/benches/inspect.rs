//! How fast and in how much memory archives are inspected, next to what `gzip -dc | tar t` needs for the same.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use roost_archive::inspect;
use roost_domain::artifact::Limits;

const ROUNDS: usize = 5;
/// The goals.
const SLOWEST_RATIO: f64 = 0.8;
const MOST_MEMORY_KIB: u64 = 64 * 1024;

/// What one inspection in a process of its own took.
struct Sample {
    time: Duration,
    entries: u64,
    inflated_bytes: u64,
    peak_kib: u64,
}

fn main() -> Result<()> {
    match std::env::args().nth(1) {
        Some(archive) if !archive.starts_with('-') => sample(Path::new(&archive)),
        _ => compare_all(),
    }
}

/// Inspects one archive and prints what that took: a process of its own has its own peak of memory.
fn sample(archive: &Path) -> Result<()> {
    let start = Instant::now();
    let inspection = inspect(File::open(archive)?, &Limits::standard())?;
    ensure!(inspection.findings.is_empty(), "the archive is refused: {:?}", inspection.findings);
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let peak = peak.trim().trim_end_matches(" kB");
    println!("{} {} {} {peak}", start.elapsed().as_micros(), inspection.entries, inspection.inflated_bytes);
    Ok(())
}

fn compare_all() -> Result<()> {
    let folder = tempfile::tempdir()?;
    println!(
        "{:<16}{:>10}{:>12}{:>12}{:>10}{:>12}{:>10}",
        "archive", "inspect", "gzip | tar", "ratio", "MB/s", "entries/s", "peak MiB"
    );
    let mut missed = Vec::new();
    for (name, compressed_mib, file_bytes) in [("16 MiB", 16, 40_000), ("250 MiB", 250, 40_000)] {
        let archive = folder.path().join("app.tar.gz");
        write_archive(&archive, compressed_mib * 1024 * 1024, usize::MAX, file_bytes)?;
        missed.extend(compare(name, &archive)?);
    }
    let archive = folder.path().join("many.tar.gz");
    write_archive(&archive, u64::MAX, 48_000, 100)?;
    missed.extend(compare("48,000 entries", &archive)?);
    ensure!(missed.is_empty(), "goals missed: {}", missed.join("; "));
    Ok(())
}

/// Measures both in turn, so that what else the machine does meets both, and prints the medians.
fn compare(name: &str, archive: &Path) -> Result<Vec<String>> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(gzip_and_tar(archive)?);
        ours.push(inspect_apart(archive)?);
    }
    theirs.sort();
    ours.sort_by_key(|sample| sample.time);
    let (theirs, ours) = (theirs[ROUNDS / 2].as_secs_f64(), &ours[ROUNDS / 2]);
    let time = ours.time.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let (megabytes, entries) = (ours.inflated_bytes as f64 / 1e6, ours.entries as f64);
    let ratio = theirs / time;
    println!(
        "{name:<16}{:>8.0}ms{:>10.0}ms{ratio:>12.2}{:>10.0}{:>12.0}{:>10}",
        time * 1e3,
        theirs * 1e3,
        megabytes / time,
        entries / time,
        ours.peak_kib / 1024
    );
    let missed = [
        (ratio < SLOWEST_RATIO).then(|| format!("{name}: {ratio:.2} of the speed of `gzip -dc | tar t`")),
        (ours.peak_kib > MOST_MEMORY_KIB).then(|| format!("{name}: {} KiB of memory", ours.peak_kib)),
    ];
    Ok(missed.into_iter().flatten().collect())
}

fn gzip_and_tar(archive: &Path) -> Result<Duration> {
    let start = Instant::now();
    let status = Command::new("sh").args(["-c", "gzip -dc \"$0\" | tar t > /dev/null"]).arg(archive).status()?;
    ensure!(status.success(), "gzip and tar do not read the archive");
    Ok(start.elapsed())
}

fn inspect_apart(archive: &Path) -> Result<Sample> {
    let output = Command::new(std::env::current_exe()?).arg(archive).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    let figures: Vec<u64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [micros, entries, inflated_bytes, peak_kib] = figures[..] else { anyhow::bail!("not four figures: {text}") };
    Ok(Sample { time: Duration::from_micros(micros), entries, inflated_bytes, peak_kib })
}

/// Writes files of text until the archive is as large or has as many as asked for.
fn write_archive(path: &PathBuf, compressed_bytes: u64, files: usize, file_bytes: usize) -> Result<()> {
    let encoder = GzEncoder::new(BufWriter::new(File::create(path)?), Compression::new(3));
    let mut builder = tar::Builder::new(encoder);
    let mut text = Text::default();
    for at in 0..files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file_bytes as u64);
        header.set_mode(0o644);
        let content = text.take(file_bytes);
        builder.append_data(
            &mut header,
            format!("component-{}/folder-{}/file-{at}.txt", at % 3, at / 100),
            &*content,
        )?;
        if fs::metadata(path)?.len() >= compressed_bytes {
            break;
        }
    }
    builder.into_inner()?.finish()?.flush()?;
    Ok(())
}

/// Words in no order, most of them often: it shrinks to about a third, as programs' sources do.
#[derive(Default)]
struct Text(u64);

impl Text {
    fn take(&mut self, bytes: usize) -> Vec<u8> {
        let mut text = Vec::with_capacity(bytes + 16);
        while text.len() < bytes {
            let random = self.next();
            let word = (random % 4096) * (random >> 12 & 0xfff) / 4096;
            text.extend_from_slice(format!("{:x} ", word * 2_654_435_761 % 1_000_003).as_bytes());
        }
        text.truncate(bytes);
        text
    }

    /// <https://en.wikipedia.org/wiki/Linear_congruential_generator>, with Knuth's constants.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}
