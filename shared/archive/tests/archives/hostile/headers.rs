//! Headers that programs read differently, and tar files that end elsewhere than they should.

use super::Case;
use crate::tar_bytes::{FILE, Tar, gzip};

pub(crate) fn cases() -> Vec<Case> {
    [sums_and_formats(), numbers(), stray_bytes(), ends()].concat()
}

fn edited(edit: impl FnOnce(&mut [u8; 512])) -> Vec<u8> {
    Tar::new().header(FILE, b"a", 0, edit).finish()
}

fn sums_and_formats() -> Vec<Case> {
    let summed = |at: usize, byte: u8| {
        let mut block = [0; 512];
        block[0] = b'a';
        block[124..136].copy_from_slice(b"00000000000\0");
        block[148..156].copy_from_slice(b"000000\0 ");
        block[at] = byte;
        Tar::new().bytes(&block).finish()
    };
    vec![
        ("a wrong sum", summed(0, b'b'), "tar-checksum"),
        ("a sum in another base", summed(148, b'x'), "tar-checksum"),
        ("a header without a format", edited(|block| block[257..265].fill(0)), "tar-format"),
        ("a format nobody knows", edited(|block| block[262] = b'?'), "tar-format"),
        ("random bytes", Tar::new().bytes(&[0xa5; 512]).finish(), "tar-checksum"),
        ("text", Tar::new().bytes("Hello, world! ".repeat(100).as_bytes()).finish(), "tar-checksum"),
    ]
}

fn numbers() -> Vec<Case> {
    let size = |field: &[u8; 12]| edited(|block| block[124..136].copy_from_slice(field));
    vec![
        ("a binary size", size(b"\x80\0\0\0\0\0\0\0\0\0\0\0"), "tar-number"),
        ("a binary size of 2^64", size(b"\x80\0\0\x01\0\0\0\0\0\0\0\0"), "tar-number"),
        ("a negative binary size", size(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), "tar-number"),
        ("a negative size", size(b"-0000000001\0"), "tar-number"),
        ("a hexadecimal size", size(b"0x000000010\0"), "tar-number"),
        ("a decimal size", size(b"00000000009\0"), "tar-number"),
        ("no size", size(&[0; 12]), "tar-number"),
        ("two sizes in one field", size(b"0000\x000000010"), "tar-number"),
        ("a size of 8 GiB", size(b"77777777777\0"), "tar-truncated"),
        ("a size of 64 GiB", size(b"777777777777"), "tar-truncated"),
        ("a mode in letters", edited(|block| block[100..108].copy_from_slice(b"rw-r--r-")), "tar-number"),
    ]
}

fn stray_bytes() -> Vec<Case> {
    let gnu_prefix = |block: &mut [u8; 512]| {
        block[257..265].copy_from_slice(b"ustar  \0");
        block[345..347].copy_from_slice(b"..");
    };
    vec![
        ("a name that goes on after its end", edited(|block| block[2..5].copy_from_slice(b"/..")), "tar-stray-bytes"),
        ("a prefix that goes on after its end", edited(|block| block[347] = b'x'), "tar-stray-bytes"),
        ("a link that goes on after its end", edited(|block| block[159] = b'x'), "tar-stray-bytes"),
        ("a prefix of POSIX in a header of GNU", edited(gnu_prefix), "tar-stray-bytes"),
        (
            "the mark of star at a header's end",
            edited(|block| block[508..511].copy_from_slice(b"tar")),
            "tar-stray-bytes",
        ),
    ]
}

fn ends() -> Vec<Case> {
    let file = || Tar::new().file("a");
    let cut = |bytes: usize| {
        let tar = file().bytes(&[0; 1024]).unfinished();
        let mut inflated = Vec::new();
        std::io::copy(&mut flate2::read::GzDecoder::new(&tar[..]), &mut inflated).unwrap();
        gzip(&inflated[..bytes])
    };
    vec![
        ("nothing", gzip(b""), "tar-truncated"),
        ("half a header", cut(200), "tar-truncated"),
        ("a header without its content", cut(512), "tar-truncated"),
        ("half the content", cut(515), "tar-truncated"),
        ("content without its padding", cut(519), "tar-truncated"),
        ("no end", cut(1024), "tar-truncated"),
        ("half an end", cut(1536), "tar-truncated"),
        ("an empty block before another file", file().bytes(&[0; 512]).file("b").finish(), "tar-trailing-data"),
        ("a second archive behind the end", file().bytes(&[0; 1024]).file("b").finish(), "tar-trailing-data"),
        ("a byte behind the end", file().bytes(&[0; 9000]).bytes(b"x").unfinished(), "tar-trailing-data"),
    ]
}
