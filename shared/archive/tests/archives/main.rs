//! Archives as people's programs write them, and as attackers do.

#![cfg(test)]

mod hostile;
mod packing;
mod programs;
mod refusal;
mod tar_bytes;
mod unpacking;
