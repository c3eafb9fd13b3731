//! Between us and an outside program stands a process of our own binary: it confines itself and becomes the program.

use crate::confine::Allowance;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// The command that starts `program` with this allowance, through the launcher where there is one.
pub(super) fn command(
    launcher: &[OsString],
    allowance: &Allowance,
    program: &Path,
) -> Result<Command, String> {
    match launcher.split_first() {
        None => Ok(Command::new(program)),
        Some((first, rest)) => {
            let allowance = serde_json::to_string(allowance)
                .map_err(|error| format!("its private folder cannot be named ({error})"))?;
            let mut command = Command::new(first);
            command.args(rest).arg(allowance).arg(program);
            Ok(command)
        }
    }
}

/// Confines this process and turns it into the outside program: what a launcher does with the arguments after its own.
/// It returns only if that did not work, with the reason.
#[cfg(unix)]
pub fn launch(arguments: impl IntoIterator<Item = OsString>) -> String {
    use std::os::unix::process::CommandExt;
    let mut arguments = arguments.into_iter();
    let (Some(allowance), Some(program)) = (arguments.next(), arguments.next()) else {
        return "the launcher was not told what to start".into();
    };
    let allowance: Allowance = match serde_json::from_slice(allowance.as_encoded_bytes()) {
        Ok(allowance) => allowance,
        Err(error) => return format!("the launcher was not told what is allowed ({error})"),
    };
    // The thread that started this process waits for its end. Should it be gone, nobody does.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
    crate::confine::tool(&allowance);
    let error = Command::new(&program).args(arguments).exec();
    format!("{} could not be started ({error})", program.display())
}
