//! Who is let in to the web app and who is not, what each answer tells the browser, and what is kept of secrets: through
//! the real binary, over the loopback.

mod guard;
mod program;
mod server;
