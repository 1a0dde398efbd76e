//! Memory stays bounded whatever the archive. A test program of its own: the peak is the whole process's.

#![cfg(test)]

use std::fs::{self, File};
use std::io::{self, Read};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use roost_archive::{ReadError, inspect};
use roost_domain::artifact::Limits;

const MOST_KIB: u64 = 64 * 1024;
/// Generous: a busy machine is slow, and a bomb would take hours.
const LONGEST: Duration = Duration::from_mins(2);

type Builder = tar::Builder<GzEncoder<File>>;

#[test]
fn no_archive_takes_more_memory_or_time_than_the_bound() {
    let folder = tempfile::tempdir().unwrap();
    for (name, write, code) in cases() {
        let path = folder.path().join("app.tar.gz");
        let mut builder = tar::Builder::new(GzEncoder::new(File::create(&path).unwrap(), Compression::fast()));
        write(&mut builder);
        builder.into_inner().unwrap().finish().unwrap();

        reset_peak();
        let start = Instant::now();
        let result = inspect(File::open(&path).unwrap(), &Limits::standard());
        let peak = peak_kib();
        let findings = match &result {
            Ok(inspection) => &inspection.findings,
            Err(ReadError::Refused { findings }) => findings,
            Err(error) => panic!("{name}: {error}"),
        };
        assert_eq!(findings.first().map(|finding| &*finding.code), code, "{name}");
        assert!(peak < MOST_KIB, "{name}: {peak} KiB");
        assert!(start.elapsed() < LONGEST, "{name}: {:?}", start.elapsed());
    }
}

type Case = (&'static str, fn(&mut Builder), Option<&'static str>);

fn cases() -> Vec<Case> {
    vec![
        (
            "a quarter of a gigabyte of zeros",
            |builder| append(builder, "zeros", 256 << 20, io::repeat(0)),
            Some("ratio-too-high"),
        ),
        ("a large file", |builder| append(builder, "noise", 64 << 20, Noise(1)), None),
        ("as many and as long names as may be", longest_names, None),
        ("more names than may be", |builder| names(builder, 40_000, 500), Some("too-many-names")),
        ("as many texts as are kept, and more", texts, None),
        ("names that are all wrong", wrong_names, Some("path-control-character")),
        ("a million bytes of records for each file", records, None),
    ]
}

fn longest_names(builder: &mut Builder) {
    names(builder, 49_000, 330);
}

/// Files side by side, each with its number at the end of a path so long.
fn names(builder: &mut Builder, count: u32, bytes: usize) {
    let folder = format!("{0}/{0}/", "d".repeat(bytes / 2 - 20));
    for at in 0..count {
        append(builder, &format!("{folder}{at:0width$}", width = bytes - folder.len()), 0, io::empty());
    }
}

fn texts(builder: &mut Builder) {
    for at in 0..40 {
        append(builder, &format!("{at}.yaml"), 1 << 20, Noise(at + 1));
    }
}

fn wrong_names(builder: &mut Builder) {
    for at in 0..40_000 {
        append(builder, &format!("{at}{}", "\n".repeat(200)), 0, io::empty());
    }
}

fn records(builder: &mut Builder) {
    let mut value = vec![0; 1_000_000];
    for at in 0..50 {
        Noise(at + 1).read_exact(&mut value).unwrap();
        builder.append_pax_extensions([("SCHILY.xattr.user.noise", &value[..])]).unwrap();
        append(builder, &at.to_string(), 0, io::empty());
    }
}

fn append(builder: &mut Builder, path: &str, size: u64, content: impl Read) {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o644);
    builder.append_data(&mut header, path, content.take(size)).unwrap();
}

/// Bytes that do not shrink: <https://en.wikipedia.org/wiki/Xorshift>.
struct Noise(u64);

impl Read for Noise {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in buffer.iter_mut() {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            *byte = self.0.to_le_bytes()[3];
        }
        Ok(buffer.len())
    }
}

/// Forgets the peak so far: <https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html>.
fn reset_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}

/// The most memory the process has had at once, all that the test itself holds included.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
