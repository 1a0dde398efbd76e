//! Projects that run an agent, and what people tell it.

mod an_agent_starts_sleeps_and_remembers;
mod answers_come_piece_by_piece;
mod chat;
mod what_cannot_be_said_is_explained;
