//! What every store promises, tested through its public methods only.

mod alone;
mod audit;
mod changes;
mod decisions;
mod documents;
mod durability;
mod evidence;
mod files;
mod forget;
mod opening;
mod runs;
