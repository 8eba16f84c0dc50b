//! A made-up operator in the extract format, with the truth about each relation.
//!
//! The truth is a latent process of its own (`relation`): a level of use that drifts by regimes, under a mood
//! and a pressure that nobody sees. Everything in the extract is an observation of it: noisy, seasonal, late,
//! partly missing. Nothing here knows the rules by which the engine tells stages.
//!
//! Every customer is drawn from the seed and its own number alone, so a million of them stream through bounded
//! memory, and the same seed gives the same bytes.
//!
//! `truth.csv` has one row per customer and month from the one in which the customer became known: `month`,
//! `customer_code`, `stage` (at the month's end), `exit_within_3m` (1 if it is served and leaves within the next
//! three months, else 0) and `cause` (a code of [`domain::service::EndReason`]: of trouble that brews, of the
//! decline, of the exit; empty otherwise).
//!
//! On request ([`World::with_duplicates`]) some customers have a second record, and others have look-alikes;
//! `duplicates.csv` then has one row per planted record: `customer_code`, `other_code`, `same` (`yes`, or why it
//! is another customer: a code of [`Sameness`]) and `changes` (codes of [`Change`] with spaces between).

mod answers;
mod calendar;
mod catalogue;
mod customer;
mod dice;
mod duplicates;
mod events;
mod line;
mod members;
mod names;
mod organisation;
mod relation;
mod rows;
mod usage;
mod world;
mod write;

pub use rows::*;
pub use world::{Config, World};
pub use write::{CORRECTIONS, Summary, write};
