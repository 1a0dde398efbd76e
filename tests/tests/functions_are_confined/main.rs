//! The identity of the functions reaches no further than their work: were a function at fault, or its credential in the
//! wrong hands, the rest of the cluster would stay as it is.

mod builds;
mod other_identities;
mod routes;
mod secrets;
