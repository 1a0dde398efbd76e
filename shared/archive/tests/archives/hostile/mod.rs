//! Archives that must be refused: what each is, its bytes, and the code of the rule it breaks.

mod compression;
mod extended_headers;
mod headers;
mod kinds;
mod links;
mod names;
mod sizes;

pub(crate) type Case = (&'static str, Vec<u8>, &'static str);

pub(crate) fn all() -> Vec<Case> {
    [
        names::cases(),
        links::cases(),
        kinds::cases(),
        headers::cases(),
        extended_headers::cases(),
        compression::cases(),
        sizes::cases(),
    ]
    .concat()
}
