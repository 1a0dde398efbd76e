//! One pass over an archive: every rule about names, kinds and links, and the tree that comes of it.

use std::io::Read;

use roost_domain::artifact::{
    Entry, EntryPath, File, Findings, Limits, LinkTarget, LinkTargetError, PathError, Tree, TreeBuilder, TreeFault,
    quoted,
};
use roost_domain::finding::Finding;
use sha2::{Digest, Sha256};

use crate::error::{ReadError, Stop};
use crate::read_ahead::{Stream, read_ahead};
use crate::tar_format::{Kind, Member, Members};

/// Takes the contents of the files it wants, in the archive's order.
pub(crate) trait Contents {
    type Error: From<ReadError>;

    /// Asks whether the content of a file is wanted, which has a place in the tree.
    fn begin(&mut self, path: &EntryPath, file: &File) -> Result<bool, Self::Error>;

    /// Gives the next bytes of the file that was last wanted.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Tells that this file is complete.
    fn end(&mut self) -> Result<(), Self::Error>;
}

/// What one pass finds that reached the archive's end.
pub(crate) struct Survey {
    pub(crate) tree: Tree,
    pub(crate) findings: Vec<Finding>,
    pub(crate) entries: u64,
    pub(crate) inflated_bytes: u64,
}

impl Survey {
    /// The tree, if the archive breaks no rule.
    pub(crate) fn into_tree(self) -> Result<Tree, ReadError> {
        if self.findings.is_empty() { Ok(self.tree) } else { Err(ReadError::Refused { findings: self.findings }) }
    }
}

pub(crate) fn scan<C: Contents>(
    source: impl Read + Send,
    limits: &Limits,
    contents: &mut C,
) -> Result<Survey, C::Error> {
    read_ahead(source, limits, |stream| Scan::new(stream, limits, contents).run())
}

struct Scan<'a, C> {
    members: Members,
    most_entries: u64,
    contents: &'a mut C,
    tree: TreeBuilder,
    findings: Findings,
    entries: u64,
}

/// Why a pass ends before the archive does.
enum Halt<E> {
    Stop(Stop),
    Contents(E),
}

impl<E> From<Stop> for Halt<E> {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl<'a, C: Contents> Scan<'a, C> {
    fn new(stream: Stream, limits: &Limits, contents: &'a mut C) -> Self {
        let (members, tree) = (Members::new(stream, limits), TreeBuilder::new(limits.clone()));
        Self { members, most_entries: limits.entries, contents, tree, findings: Findings::default(), entries: 0 }
    }

    fn run(mut self) -> Result<Survey, C::Error> {
        match self.take_members() {
            Ok(()) => {}
            Err(Halt::Stop(Stop::Refused(finding))) => {
                self.findings.push(finding);
                return Err(ReadError::Refused { findings: self.findings.into_vec() }.into());
            }
            Err(Halt::Stop(Stop::Source(error))) => return Err(ReadError::Source(error).into()),
            Err(Halt::Contents(error)) => return Err(error),
        }
        let inflated_bytes = self.members.position();
        let tree = self.tree.finish(&mut self.findings);
        Ok(Survey { tree, findings: self.findings.into_vec(), entries: self.entries, inflated_bytes })
    }

    fn take_members(&mut self) -> Result<(), Halt<C::Error>> {
        while let Some(member) = self.members.next()? {
            self.entries += 1;
            if self.entries > self.most_entries {
                let fault = TreeFault::TooManyEntries(self.most_entries);
                return Err(Stop::Refused(fault.finding(&EntryPath::root())).into());
            }
            match place(&member) {
                Ok((path, entry)) => self.take(&path, entry)?,
                Err(finding) => self.findings.push(finding),
            }
        }
        Ok(())
    }

    fn take(&mut self, path: &EntryPath, entry: Entry) -> Result<(), Halt<C::Error>> {
        let file = if let Entry::File(file) = &entry { Some(file.clone()) } else { None };
        match self.tree.add(path, entry) {
            Ok(()) => file.map_or(Ok(()), |file| self.take_content(path, &file)),
            Err(fault) if fault.is_limit() => Err(Stop::Refused(fault.finding(path)).into()),
            Err(fault) => {
                self.findings.push(fault.finding(path));
                Ok(())
            }
        }
    }

    fn take_content(&mut self, path: &EntryPath, file: &File) -> Result<(), Halt<C::Error>> {
        let wanted = self.contents.begin(path, file).map_err(Halt::Contents)?;
        let mut digest = Sha256::new();
        while let bytes @ [_, ..] = self.members.content()? {
            digest.update(bytes);
            if wanted {
                self.contents.write(bytes).map_err(Halt::Contents)?;
            }
        }
        self.tree.set_content(path, digest.finalize().into());
        if wanted { self.contents.end().map_err(Halt::Contents) } else { Ok(()) }
    }
}

/// Where an entry belongs and what it is there, or why it has no place at all.
fn place(member: &Member) -> Result<(EntryPath, Entry), Finding> {
    let path = match (member.kind, &member.path[..]) {
        // So Python's tarfile names a folder that is packed under no name.
        (Kind::Directory, b"/") => EntryPath::root(),
        (_, bytes) => path(bytes)?,
    };
    let entry = match member.kind {
        Kind::File => Entry::File(File { size: member.size, executable: member.executable, sha256: [0; 32] }),
        Kind::Directory => Entry::Directory,
        Kind::Symlink => Entry::Symlink(link_target(&path, &member.link)?),
        Kind::HardLink => return Err(hard_link(&path)),
        Kind::Special => return Err(special(&path)),
    };
    Ok((path, entry))
}

fn path(bytes: &[u8]) -> Result<EntryPath, Finding> {
    let text = std::str::from_utf8(bytes).map_err(|_| PathError::NotUtf8.finding(&String::from_utf8_lossy(bytes)))?;
    EntryPath::normalise(text).map_err(|error| error.finding(text))
}

fn link_target(path: &EntryPath, bytes: &[u8]) -> Result<LinkTarget, Finding> {
    let target = std::str::from_utf8(bytes).map_err(|_| LinkTargetError::Invalid).and_then(LinkTarget::parse);
    target.map_err(|error| error.finding(path, &String::from_utf8_lossy(bytes)))
}

fn hard_link(path: &EntryPath) -> Finding {
    Finding::new("hard-link", "The entry is a hard link.", "Pack with `tar --hard-dereference`.")
        .in_file(quoted(path.as_str()))
}

fn special(path: &EntryPath) -> Finding {
    let message = "The entry is neither a file nor a directory nor a symbolic link.";
    Finding::new("special-file", message, "Leave it out: `tar --exclude` does.").in_file(quoted(path.as_str()))
}
